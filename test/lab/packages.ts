/** The Debian packages a lab is made of: which of them this machine lacks, and installing those. */
import { spawnSync } from 'node:child_process'
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { output } from './run.js'

/** A package and the file by which to know that what is needed from it is there, whoever brought it. */
type Requirement = Readonly<{ package: string; brings: string }>

/** For plain hosts. `sleep` and `mktemp` of coreutils, `perl` and `sh` are on every Debian. */
const forHosts: readonly Requirement[] = [
  { package: 'openssh-server', brings: 'sshd' },
  { package: 'openssh-client', brings: 'ssh-keygen' },
  { package: 'iproute2', brings: 'ss' },
  { package: 'net-tools', brings: 'netstat' },
  { package: 'procps', brings: 'ps' },
  { package: 'util-linux', brings: 'setpriv' },
  // Login shells that are not like sh.
  { package: 'tcsh', brings: 'tcsh' },
  { package: 'fish', brings: 'fish' },
  { package: 'ksh93u+m', brings: 'ksh93' },
  { package: 'mksh', brings: 'mksh' },
  // Another server.
  { package: 'dropbear-bin', brings: 'dropbear' },
  // To become another user with; `script` gives a program a terminal.
  { package: 'sudo', brings: 'sudo' },
  { package: 'opendoas', brings: 'doas' },
  { package: 'bsdutils', brings: 'script' },
  // Other userlands to look at hosts with.
  { package: 'busybox-static', brings: 'busybox' },
  { package: 'toybox', brings: 'toybox' },
]

/** For the estate besides: real Tomcats, and real jsvc daemons around a class of ours. */
const forEstate: readonly Requirement[] = [
  { package: 'default-jdk-headless', brings: 'javac' },
  { package: 'tomcat10-user', brings: '/usr/share/tomcat10/skel/conf' },
  { package: 'jsvc', brings: 'jsvc' },
  { package: 'libcommons-daemon-java', brings: '/usr/share/java/commons-daemon.jar' },
]

/** For faults: a clock that is wrong, and a third userland. */
const forFaults: readonly Requirement[] = [
  { package: 'faketime', brings: 'faketime' },
  { package: 'toybox', brings: 'toybox' },
]

/** To compare with: what Ansible and Jinja make of the same. */
const forComparing: readonly Requirement[] = [
  { package: 'ansible-core', brings: 'ansible-vault' },
  { package: 'python3-jinja2', brings: '/usr/lib/python3/dist-packages/jinja2' },
]

/** To complete a command line in: fish is there for hosts. */
const forCompleting: readonly Requirement[] = [
  { package: 'bash', brings: 'bash' },
  { package: 'zsh', brings: 'zsh' },
  { package: 'fish', brings: 'fish' },
]

/** Of programs that read what steward writes. */
const forReading: readonly Requirement[] = [
  { package: 'jq', brings: 'jq' },
  { package: 'libxml2-utils', brings: 'xmllint' },
  // A browser without a window, to open reports with.
  { package: 'chromium-headless-shell', brings: 'chromium-headless-shell' },
]

/** To measure, and to be measured against. */
const forBenches: readonly Requirement[] = [
  { package: 'time', brings: '/usr/bin/time' },
  { package: 'clustershell', brings: 'clush' },
  ...forComparing,
]

const requirements = {
  hosts: forHosts,
  estate: [...forHosts, ...forEstate],
  faults: [...forHosts, ...forFaults],
  comparing: forComparing,
  completing: forCompleting,
  reading: forReading,
  benches: [...forHosts, ...forBenches],
}
export type LabKind = Exclude<keyof typeof requirements, 'comparing' | 'completing' | 'reading'>

/** Why nothing can be compared with Ansible here, as a sentence; undefined if it can. */
export const whyNoAnsible = (): string | undefined => whyNo('comparing')

/** Why no jq, xmllint or browser reads what steward writes here, as a sentence; undefined if they can. */
export const whyNoReaders = (): string | undefined => whyNo('reading')

const whyNo = (kind: keyof typeof requirements): string | undefined => {
  const missing = missingPackages(kind)
  return missing.length > 0 ? `it needs the Debian packages ${missing.join(' ')}: npm run lab -- install` : undefined
}

/** Why no shell can complete here, as a sentence; undefined if all can. */
export const whyNoShells = (): string | undefined => whyNo('completing')

/** Why no lab of this kind can be made here, as a sentence; undefined if one can. */
export const whyNoLab = (kind: LabKind): string | undefined => {
  if (process.platform !== 'linux') return `a lab needs Linux, and this is ${process.platform}`
  if (process.getuid?.() !== 0) return 'a lab needs root'
  const missing = missingPackages(kind)
  if (missing.length > 0) return `a lab needs the Debian packages ${missing.join(' ')}: npm run lab -- install`
  const { status } = spawnSync('unshare', ['--mount', '--net', '--pid', '--fork', 'true'])
  return status === 0 ? undefined : 'a lab needs namespaces, and root may not make them here'
}

const missingPackages = (kind: keyof typeof requirements): readonly string[] =>
  requirements[kind].filter(requirement => !isThere(requirement.brings)).map(requirement => requirement.package)

/**
 * Installs what is missing, as root on a Debian or one of its kind, and starts none of it; costs nothing when all is
 * there. Elsewhere it does nothing. Resolves with the packages still missing; throws if apt-get fails.
 */
export const installPackages = async (): Promise<readonly string[]> => {
  const missing = allMissing()
  if (missing.length === 0 || process.getuid?.() !== 0 || !isThere('apt-get')) return missing
  const install = [
    'apt-get',
    '-q',
    '-y',
    '-o',
    'DPkg::Lock::Timeout=300',
    '--no-install-recommends',
    'install',
    ...missing,
  ]
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  await withoutStarting(async () => {
    // The lists may be missing, or old and name files that are gone: only then are they fetched.
    await output(install, { env }).catch(async () => {
      await output(['apt-get', '-q', 'update'], { env })
      await output(install, { env })
    })
  })
  return allMissing()
}

const allMissing = (): readonly string[] => [
  ...new Set((Object.keys(requirements) as (keyof typeof requirements)[]).flatMap(missingPackages)),
]

/** The folders of a root login: a user's PATH may lack the sbin ones. */
const folders = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin']

const isThere = (fileOrCommand: string): boolean =>
  fileOrCommand.startsWith('/')
    ? existsSync(fileOrCommand)
    : folders.some(folder => existsSync(`${folder}/${fileOrCommand}`))

/**
 * Forbids the maintainer scripts of packages to start daemons while `install` runs, in the way that is meant for it
 * (invoke-rc.d(8), policy-rc.d). Should this process be killed, the file allows everything again and removes itself.
 */
const withoutStarting = async (install: () => Promise<void>): Promise<void> => {
  const file = '/usr/sbin/policy-rc.d'
  if (existsSync(file)) return install() // somebody has decided already
  const script = `#!/bin/sh\nkill -0 ${process.pid} 2>/dev/null && exit 101\nrm -f ${file}\n`
  writeFileSync(file, script, { mode: 0o755 })
  try {
    await install()
  } finally {
    rmSync(file)
  }
}
