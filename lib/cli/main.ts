#!/usr/bin/env node
/** The command line: options in, exit code out. Commands are loaded only when they are called. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Argument, Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import * as E from 'fp-ts/lib/Either.js'
import { documentKinds } from '../model/document-kind.js'
import { type ExitCode, exitCodes } from '../model/exit-code.js'
import type { CommonOptions } from './common.js'
import { sharesIn } from './rollout-options.js'
import { leaveTerminal } from './terminal.js'

const shipped = fileURLToPath(new URL('../../../', import.meta.url)).replace(/\/$/, '')

const positive = (text: string): number => {
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < 1)
    throw new InvalidArgumentError('It has to be a whole number from 1 up.')
  return value
}

const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value]

/** `90s`, `2m`; a bare number counts seconds. */
const seconds = (text: string): number => {
  const match = /^(\d{1,6})(s|m|h)?$/.exec(text)
  if (match === null) throw new InvalidArgumentError('It has to be a time such as 30s or 2m.')
  return Number(match[1]) * { s: 1, m: 60, h: 3600 }[(match[2] ?? 's') as 's' | 'm' | 'h']
}

/** Without a default of its own: what ssh_config says counts before ours. */
const time = (flags: string, description: string): Option => new Option(flags, description).argParser(moreThanNothing)

const moreThanNothing = (text: string): number => {
  const value = seconds(text)
  if (value === 0) throw new InvalidArgumentError('It has to be longer than 0s.')
  return value
}

const userName = (text: string): string => {
  if (!/^[A-Za-z_][A-Za-z0-9_.@\\-]*$/.test(text)) throw new InvalidArgumentError('It has to be the name of a user.')
  return text
}

const withVault = (command: Command): Command =>
  command
    .option('-J, --ask-vault-pass', 'ask for the vault password')
    .option('--vault-password-file <file>', 'read it from a file, or have a program print it (again for more)', collect)
    .addOption(new Option('--vault-pass-file <file>').hideHelp().argParser(collect))
    .option('--vault-id <id@source>', 'the same for a vault id; the source is a file, a program or prompt', collect)

/** What is read before anything else is done. */
const withInput = (command: Command): Command =>
  withVault(command)
    .option(
      '-i, --inventory <source>',
      "the hosts: a file, a folder or a program of Ansible's, or h1,h2 (again for more)",
      collect,
    )
    .option('--playbook-dir <folder>', 'where group_vars and host_vars are besides (beside the playbook, or here)')
    .option('-l, --limit <pattern>', 'only these hosts of it, such as web:!web3')
    .option('-e, --extra-vars <vars>', 'variables that win over all others: NAME=VALUE, a map, or @FILE', collect)
    .option('-b, --become', 'act as another user wherever nothing else says whether to')
    .addOption(new Option('--become-user <user>', 'as whom, where nothing else says so (root)').argParser(userName))
    .addOption(
      new Option('--become-method <method>', 'by what, where nothing else says so (sudo)').choices([
        'sudo',
        'doas',
        'su',
      ]),
    )

const withCommon = (command: Command): Command =>
  withInput(command)
    .addOption(new Option('-f, --forks <n>', 'the most hosts at work at once (50)').argParser(positive))
    .addOption(
      new Option('--max-answer <MiB>', 'the most that a host may answer; more is not believed')
        .default(8)
        .argParser(positive),
    )
    .addOption(
      new Option(
        '--transport <client>',
        'how hosts are reached over SSH that the inventory does not say it of',
      ).choices(['ssh', 'openssh']),
    )
    .addOption(time('--connect-timeout <time>', 'how long reaching a host may take, and being dropped by it (10s)'))
    .addOption(time('--handshake-timeout <time>', 'how long a login may take from then on (20s)'))
    .addOption(
      time('--command-timeout <time>', 'how long a look at a host may take, and what has no time of its own (30s)'),
    )
    .addOption(time('--idle-timeout <time>', 'how long a host may give no sign of life (60s)'))
    .addOption(
      new Option('--host-key <how>', 'whether hosts that are not in known_hosts are refused, or written down there')
        .choices(['strict', 'accept-new'])
        .default('strict'),
    )
    .option('-k, --ask-pass', 'ask once for a password, for hosts that take no key')
    .option('--connection-password-file <file>', 'read it from this file, or from what it prints if it can be run')
    .option('-K, --ask-become-pass', 'ask once for the password that sudo wants')
    .option('--become-password-file <file>', 'read it from this file, or from what it prints if it can be run')
    .option('--json', 'print JSON and nothing else')

/** `a,b`, again for more. */
const collectWords = (value: string, before: readonly string[] = []): readonly string[] => [
  ...before,
  ...value.split(',').map(word => word.trim()),
]

const withPlaybook = (command: Command): Command =>
  command
    .option('-t, --tags <tags>', 'only services with one of these tags, such as web,db', collectWords)
    .option('--skip-tags <tags>', 'no services with one of these tags', collectWords)
    .option('--start-at <play|host>', 'leave out what comes before this play, or before the first batch with this host')
    .option('--list-hosts', 'list the hosts of each play, and connect to nothing')
    .option('--list-steps', 'list the services of each play on their hosts, and connect to nothing')
    .option('--list-tags', 'list the tags of each play, and connect to nothing')
    .option('--syntax-check', 'look for mistakes in all files, and connect to nothing')

const program = new Command('steward')
  .description(
    'Keeps services running the way you declared: looks at what runs, does the few steps that are missing, looks again.',
  )
  .version(JSON.parse(readFileSync(`${shipped}/package.json`, 'utf8')).version)
  .exitOverride()
  .showHelpAfterError('(steward --help lists the commands and options)')
  .addHelpText(
    'after',
    `
Examples:
  steward plan playbooks/start-all.yml              what would be done, and why
  steward run playbooks/start-all.yml               do it; run again, it changes nothing
  steward status -i inventory/four.yml -l km1       what runs there right now

Exit codes:
  0 done, or nothing to do   2 a host failed   4 a host could not be reached
  5 a mistake in the input, found before any connection   75 a host is locked by another run
  10 something is to be done (--detailed-exitcode)   99 interrupted   250 a bug of steward's`,
  )

let exitCode: ExitCode = exitCodes.ok

type Given = Omit<CommonOptions, 'shipped' | 'inventory' | 'forks'> &
  Readonly<{ inventory?: readonly string[]; forks?: number }>

/** What is not said here is as `ansible.cfg` and the environment say, as far as Ansible's names mean anything here. */
const options = async <A extends Partial<Given>>(given: A) => {
  const { readSettings, warn } = await import('./settings.js')
  const { passwordSources } = await import('./password-sources.js')
  const settings = readSettings()
  if (E.isLeft(settings)) {
    const { refuse } = await import('./common.js')
    throw new CommanderError(refuse(settings.left, given), 'steward.settings', '')
  }
  const { inventory, forks, timeout, defaults, become, warnings } = settings.right
  warn(warnings)
  return {
    ...(timeout === null ? {} : { connectTimeout: timeout }),
    ...given,
    ...passwordSources(settings.right, given),
    inventory: given.inventory ?? inventory ?? ['inventory/hosts.yml'],
    forks: given.forks ?? forks ?? 50,
    defaults,
    configured: become,
    shipped,
  }
}

const withDetails = (command: Command): Command =>
  command.option('--detailed-exitcode', 'of a plan: 10 where something is to be done, 0 where nothing is')

const withDiff = (command: Command): Command =>
  command.option(
    '-D, --diff',
    'show what was seen against what should be, of each service that differs; not with --json',
  )

const withCheck = (command: Command): Command =>
  withDiff(
    withDetails(
      command
        .addOption(
          new Option('-C, --check', 'show what would be done, as steward plan does; change nothing').implies({
            plan: true,
          }),
        )
        .addOption(new Option('--plan').hideHelp()),
    ),
  )

const withScope = (command: Command): Command =>
  command
    .option('-o, --out <file>', 'save the plan, for steward apply')
    .option('--retry <run>', 'only hosts that failed in this run, were skipped or out of reach, or are unknown since')

/** Whom it asks, on a terminal. */
const withAsking = (command: Command): Command =>
  command
    .option('-y, --yes', 'do not ask on the terminal before services are stopped, nor after a canary')
    .option('--step', 'ask before each batch, and each play without any')

const oneShare = (text: string): string => {
  if (sharesIn(text)?.length !== 1)
    throw new InvalidArgumentError('It has to be a number, or a percentage such as 25%.')
  return text
}

const shares = (text: string): string => {
  if (sharesIn(text) === null) throw new InvalidArgumentError('It has to be numbers or percentages, such as 1,5,25%.')
  return text
}

const percentage = (text: string): number => {
  const value = /^\d{1,3}$/.test(text) ? Number(text) : 101
  if (value > 100) throw new InvalidArgumentError('It has to be a percentage from 0 to 100.')
  return value
}

/** How hosts are gone over, whatever plays say. */
const withRollout = (command: Command): Command =>
  command
    .addOption(
      new Option('--serial <sizes>', 'how many hosts change at once, such as 2, 25% or 1,5,25%').argParser(shares),
    )
    .addOption(new Option('--canary <hosts>', 'so many before all others').argParser(oneShare))
    .addOption(new Option('--pause-between <time>', 'wait so long between batches').argParser(seconds))
    .addOption(
      new Option(
        '--max-fail-percentage <n>',
        'begin nothing more once more than so many of the hosts have failed',
      ).argParser(percentage),
    )
    .option('--any-errors-fatal', 'begin nothing more once anything has failed')
    .addOption(
      new Option('--rollback <how>', 'to what a rollout had begun where it is stopped for its failures').choices([
        'stop',
        'restart',
      ]),
    )
    .addOption(
      new Option('--max-unavailable <instances>', 'restart only while no more of a service are away').argParser(
        oneShare,
      ),
    )

const withSurvivors = (command: Command): Command =>
  command.option('--stop-survivors', 'let a stop end what is declared to survive it (on_stop: keep) too')

const withActing = (command: Command): Command =>
  withAsking(withCheck(withSurvivors(withCommon(command)))).addOption(
    new Option('--lock-timeout <time>', 'how long to wait for a host that another run has locked')
      .default(60, '60s')
      .argParser(seconds),
  )

withScope(
  withPlaybook(withRollout(withActing(program.command('run').argument('<playbook>').description('make it so')))),
).action(async (playbook, given) => {
  exitCode = await (await import('./commands.js')).runCommand(playbook, await options(given))
})

withScope(
  withPlaybook(
    withRollout(withDiff(withDetails(withSurvivors(withCommon(program.command('plan').argument('<playbook>')))))),
  ),
)
  .description('show what run would do; change nothing')
  .action(async (playbook, given) => {
    exitCode = await (await import('./commands.js')).planCommand(playbook, await options(given))
  })

const withLooking = (command: Command): Command =>
  withCommon(command)
    .option('-c, --catalog <file>', 'a catalog (again for more); all in playbooks/catalog if none is named', collect)
    .option('--replay <file>', 'judge what steward probe has saved, and connect to nothing (again for more)', collect)

withLooking(program.command('status').description('show what runs where, with the evidence')).action(async given => {
  exitCode = await (await import('./look-commands.js')).statusCommand(await options(given))
})

withLooking(program.command('explain').argument('<service@host>'))
  .description('explain one verdict: what was declared, what was seen and how, what would be done')
  .action(async (service, given) => {
    exitCode = await (await import('./look-commands.js')).explainCommand(service, await options(given))
  })

withCommon(program.command('probe').argument('<host>'))
  .description("print a host's raw answer to a look, to keep for --replay; it holds all its command lines")
  .option('-c, --catalog <file>', 'a catalog (again for more); all in playbooks/catalog if none is named', collect)
  .action(async (host, given) => {
    exitCode = await (await import('./look-commands.js')).probeCommand(host, await options(given))
  })

withCommon(program.command('check'))
  .description(
    'try reach, login, host key, shell, tools, sudo and clock on every host, and say what to fix; change nothing',
  )
  .option('-c, --catalog <file>', 'a catalog (again for more); all in playbooks/catalog if none is named', collect)
  .action(async given => {
    exitCode = await (await import('./check-command.js')).checkCommand(await options(given))
  })

withInput(program.command('sudoers'))
  .description('print the rules of sudoers(5) that the catalogs need; connect to nothing')
  .option('-c, --catalog <file>', 'a catalog (again for more); all in playbooks/catalog if none is named', collect)
  .option('--json', 'print JSON and nothing else')
  .action(async given => {
    exitCode = await (await import('./sudoers-command.js')).sudoersCommand(await options(given))
  })

withInput(
  program
    .command('lint')
    .argument('[file...]', 'playbooks and catalogs; all in playbooks and playbooks/catalog if none is named'),
)
  .description('look for mistakes, and warn about what is legal and unwise; connect to nothing')
  .option('--strict', 'end with 5 where there is a warning')
  .option('--json', 'print JSON and nothing else')
  .action(async (files, given) => {
    exitCode = await (await import('./lint-command.js')).lintCommand(files, await options(given))
  })

withCommon(program.command('discover').argument('<host...>'))
  .description('draft a catalog from what listens on hosts; guesses are marked as such')
  .action(async (hosts, given) => {
    exitCode = await (await import('./look-commands.js')).discoverCommand(hosts, await options(given))
  })

withVault(program.command('inventory'))
  .argument('[group]', 'where --graph begins', 'all')
  .description('show the inventory as ansible-inventory does')
  .option('-i, --inventory <source>', 'a file, a folder, a program, or h1,h2 (again for more)', collect)
  .option('--playbook-dir <folder>', 'where group_vars and host_vars are besides')
  .option('--list', 'all groups, and the variables of all hosts, as JSON')
  .option('--host <name>', 'the variables of one host, as JSON')
  .option('--graph', 'groups and their hosts as a tree')
  .action(async (group, given) => {
    exitCode = await (await import('./inventory-command.js')).inventoryCommand(group, await options(given))
  })

const moment = (text: string): number => {
  const ms = /(Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(ms))
    throw new InvalidArgumentError('It has to be a time with its zone, such as 2026-11-24T23:00:00Z.')
  return ms
}

withScope(withRollout(withActing(program.command('restart').argument('<service...>'))))
  .description(
    'restart services wherever they live; what was restarted already is left alone when it is taken up again',
  )
  .option('-c, --catalog <file>', 'a catalog (again for more); all in playbooks/catalog if none is named', collect)
  .addOption(
    new Option('--started-after <time>', 'leave alone what is younger than that; now if not given').argParser(moment),
  )
  .action(async (services, given) => {
    exitCode = await (await import('./commands.js')).restartCommand(services, await options(given))
  })

withCommon(program.command('unlock').argument('<host>'))
  .description('show whose lock is on a host, and remove it where its holder is gone')
  .option('--force', 'remove it although its holder lives or may live')
  .action(async (host, given) => {
    exitCode = await (await import('./unlock-command.js')).unlockCommand(host, await options(given))
  })

withAsking(withCheck(program.command('apply')))
  .argument('<file>', 'what steward plan -o has saved')
  .description('do what a saved plan says, and nothing on hosts that moved since')
  .addOption(
    new Option('--lock-timeout <time>', 'how long to wait for a host that another run has locked').argParser(seconds),
  )
  .option('--json', 'print JSON and nothing else')
  .action(async (file, given) => {
    exitCode = await (await import('./again-commands.js')).applyCommand(file, await options(given))
  })

withAsking(withCheck(program.command('resume')))
  .argument('<run>', 'its id, the beginning of it, or last')
  .description(
    'take a run up again: the same playbook and options; what is done by now is left alone, hooks left undone are run',
  )
  .option('--json', 'print JSON and nothing else')
  .action(async (run, given) => {
    exitCode = await (await import('./again-commands.js')).resumeCommand(run, await options(given))
  })

program
  .command('runs')
  .description('list the runs that were made, the newest first')
  .addOption(new Option('-n, --number <n>', 'the most to list').default(20).argParser(positive))
  .option('--json', 'print JSON and nothing else')
  .action(async given => {
    exitCode = await (await import('./journal-commands.js')).runsCommand(given)
  })

program
  .command('show')
  .argument('<run>', 'its id, the beginning of it, or last')
  .description('tell what a run meant to do, what came of it, and what is not known')
  .option('--json', 'print JSON and nothing else')
  .action(async (run, given) => {
    exitCode = await (await import('./journal-commands.js')).showCommand(run, given)
  })

program
  .command('schema')
  .addArgument(new Argument('<kind>').choices(documentKinds))
  .description('print the JSON Schema of a playbook, a catalog or an inventory, for editors')
  .action(async kind => {
    exitCode = (await import('./schema-command.js')).schemaCommand(kind)
  })

// What they all need is loaded before them: Node opens all files at once of what it loads, and there may be few of them.
program.hook('preAction', async () => {
  await import('../read/document.js')
  await import('./common.js')
  await import('./input.js')
})

const vault = program.command('vault').description('view, change and make what Ansible Vault encrypts')
const vaultCommands = () => import('./vault-command.js')
const sealing = (command: Command): Command =>
  withVault(command).option('--encrypt-vault-id <id>', 'which of several vault ids to encrypt for')

withVault(vault.command('view').argument('<file...>').description('print what is encrypted')).action(
  async (files, given) => {
    exitCode = await (await vaultCommands()).viewCommand(files, await options(given))
  },
)

sealing(vault.command('encrypt').argument('<file...>').description('encrypt files, in their place')).action(
  async (files, given) => {
    exitCode = await (await vaultCommands()).encryptCommand(files, await options(given))
  },
)

withVault(vault.command('decrypt').argument('<file...>').description('decrypt files, in their place')).action(
  async (files, given) => {
    exitCode = await (await vaultCommands()).decryptCommand(files, await options(given))
  },
)

withVault(
  vault.command('edit').argument('<file>').description('edit what is encrypted, with $VISUAL or $EDITOR'),
).action(async (file, given) => {
  exitCode = await (await vaultCommands()).editCommand(file, await options(given))
})

sealing(vault.command('encrypt-string').description('encrypt a value that is asked for, or comes on stdin, for YAML'))
  .option('-n, --name <name>', 'the variable it is for')
  .action(async given => {
    exitCode = await (await vaultCommands()).encryptStringCommand(await options(given))
  })

// Whoever reads our output may leave, or the terminal that shows it (EIO); what is under way is finished all the same.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error
  })
}

const bug = (error: unknown): never => {
  console.error(
    `steward: this is a bug of steward's, please report it:\n${error instanceof Error ? error.stack : error}`,
  )
  process.exit(exitCodes.bug)
}
process.on('uncaughtException', bug)
process.on('unhandledRejection', bug)

try {
  await program.parseAsync()
} catch (error) {
  if (!(error instanceof CommanderError)) bug(error)
  exitCode = (error as CommanderError).exitCode === 0 ? exitCodes.ok : exitCodes.badInput
}

/** What a slow reader has not taken yet would be lost at exit; a reader that has left takes nothing more. */
const drain = (stream: NodeJS.WriteStream): Promise<void> => new Promise(resolve => stream.write('', () => resolve()))
await Promise.all([drain(process.stdout), drain(process.stderr)])
leaveTerminal()
process.exit(exitCode)
