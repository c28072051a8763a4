/** `npm run lab -- …`: a lab to try things on by hand, which stays up until it is taken down. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { parseArgs } from 'node:util'
import { upEstate } from './estate.js'
import { keptLabFolders, removeStaleLabs } from './folder.js'
import { enterHost, hostEnv } from './host.js'
import { findLab, type Lab, upLab } from './lab.js'
import { installPackages, whyNoLab } from './packages.js'

const usage = `usage: npm run lab -- COMMAND
  up N           brings up N plain hosts, host1 to hostN
  up --estate    brings up four hosts with the enStratus estate installed
  status         what is up
  run CMD…       runs a command in the lab's network, with the lab's HOME
  exec HOST CMD… runs a command on a host, without ssh
  down           takes it all down
  install        installs the Debian packages a lab needs`

/** Something the user can put right; shown without a stack. */
class Mistake extends Error {}

const main = async ([name, ...args]: readonly string[]): Promise<number> => {
  const command = commands.find(candidate => candidate.name === name)
  if (command === undefined) throw new Mistake(usage)
  return command.run(args)
}

const up = async (args: readonly string[]): Promise<number> => {
  const { values, positionals } = parseUp(args)
  const count = Number(positionals[0] ?? (values.estate ? 0 : Number.NaN))
  if (!Number.isInteger(count) || positionals.length > 1 || (values.estate ? count !== 0 : count < 1)) {
    throw new Mistake(usage)
  }
  const reason = whyNoLab(values.estate ? 'estate' : 'hosts')
  if (reason !== undefined) throw new Mistake(reason)
  if (keptLabFolders().length > 0) throw new Mistake('a lab is up already; first: npm run lab -- down')

  const lab = values.estate ? await upEstate() : await upLab(Array.from({ length: count }, (_, i) => `host${i + 1}`))
  await lab.keep()
  console.log(`${describe(lab)}

Try:
  npm run lab -- run node dist/lib/cli/steward.cjs status -i ${lab.inventory}
  npm run lab -- exec ${[...lab.hosts.keys()][0]} ps -ef
  npm run lab -- down`)
  return 0
}

const parseUp = (args: readonly string[]) => {
  try {
    return parseArgs({ args: [...args], options: { estate: { type: 'boolean' } }, allowPositionals: true })
  } catch {
    throw new Mistake(usage)
  }
}

const status = async (): Promise<number> => {
  console.log(describe(theLab()))
  return 0
}

const inLab = async (argv: readonly string[]): Promise<number> => {
  const lab = theLab()
  return runHere([...lab.enter, ...given(argv)], { ...process.env, ...lab.env })
}

const onHost = async ([name = '', ...argv]: readonly string[]): Promise<number> => {
  const lab = theLab()
  const host = lab.hosts.get(name)
  if (host === undefined)
    throw new Mistake(`no host ${JSON.stringify(name)}; there are ${[...lab.hosts.keys()].join(', ')}`)
  const { TERM } = process.env // for a shell at this terminal
  return runHere([...enterHost(host), ...given(argv)], { ...hostEnv, TERM })
}

const down = async (): Promise<number> => {
  const folders = keptLabFolders()
  for (const folder of folders) await findLab(folder).down()
  const stale = removeStaleLabs()
  console.log(folders.length > 0 ? 'down' : 'no lab was up')
  for (const folder of stale) console.log(`removed what a dead lab had left: ${folder}`)
  return 0
}

const install = async (): Promise<number> => {
  const missing = await installPackages()
  console.log(missing.length === 0 ? 'all packages are there' : `still missing: ${missing.join(' ')}`)
  return missing.length === 0 ? 0 : 1
}

const commands = [
  { name: 'up', run: up },
  { name: 'status', run: status },
  { name: 'run', run: inLab },
  { name: 'exec', run: onHost },
  { name: 'down', run: down },
  { name: 'install', run: install },
]

const describe = (lab: Lab): string =>
  [...lab.hosts.values()]
    .map(host => `${host.name.padEnd(12)} ${host.address}`)
    .concat('', `inventory    ${lab.inventory}`)
    .join('\n')

const theLab = (): Lab => {
  const [folder] = keptLabFolders()
  if (folder === undefined) throw new Mistake('no lab is up; first: npm run lab -- up 4')
  return findLab(folder)
}

const given = (argv: readonly string[]): readonly string[] => {
  if (argv.length === 0) throw new Mistake(usage)
  return argv
}

/** Runs a command at this terminal and passes on its exit code. */
const runHere = async (argv: readonly string[], env: NodeJS.ProcessEnv): Promise<number> => {
  const [command = '', ...args] = argv
  // A Ctrl-C reaches the command too, and that decides what it means.
  process.on('SIGINT', () => {})
  const [code] = await once(spawn(command, args, { stdio: 'inherit', env }), 'close')
  return code ?? 1
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  console.error(error instanceof Mistake ? error.message : error)
  process.exitCode = 1
}
