/** The tree of commands and their options. Commands are loaded only when they are called. */
import { Argument, Command, Option } from 'commander'
import { shipped, version } from '../api/here.js'
import { documentKinds } from '../model/document-kind.js'
import { type ExitCode, exitCodes } from '../model/exit-code.js'
import { collect, moment, positive, seconds } from './arguments.js'
import { shells } from './completion/scripts.js'
import type { Given } from './given.js'
import { mainLesson, prepare, teach } from './lessons.js'
import {
  sealing,
  withActing,
  withAsking,
  withBatches,
  withCatalogs,
  withCheck,
  withCommon,
  withDetails,
  withDiff,
  withEventFiles,
  withInput,
  withLooking,
  withPlaybook,
  withRollout,
  withScope,
  withStarting,
  withSurvivors,
  withVault,
} from './option-groups.js'

/** Lines of text are read with less effort when they are not too long. */
const helpWidth = (): number => Math.min(80, process.stdout.columns || 80)

export const program = new Command('steward')
  .description(
    'Keeps services running the way you declared: looks at what runs, does the few steps that are missing, looks again.',
  )
  .version(version())
  .configureOutput({ getOutHelpWidth: helpWidth, getErrHelpWidth: helpWidth })
  .exitOverride()
  .showHelpAfterError('(steward --help lists the commands and options)')
  .addHelpCommand(
    new Command('help').argument('[command]').description('show the help of a command').helpGroup(prepare),
  )
  .addHelpText('after', mainLesson)

let exitCode: ExitCode = exitCodes.ok

/** What is not said here is as `ansible.cfg` and the environment say, as far as Ansible's names mean anything here. */
const options = async <A extends Partial<Given>>(given: A) => (await import('./given.js')).settled(given, shipped)

withScope(
  withPlaybook(
    withRollout(
      withActing(
        program.command('run').argument('<playbook>').description('do what a playbook says, and see that it is so'),
      ),
    ),
  ),
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

withLooking(program.command('status').argument('[service...]', 'only these services; all if none is named'))
  .description('show what runs where, with the evidence')
  .option('--detailed-exitcode', 'of status: 10 where a service is not running')
  .action(async (services, given) => {
    exitCode = await (await import('./look-commands.js')).statusCommand(services, await options(given))
  })

withLooking(program.command('explain').argument('<service@host>'))
  .description('explain one verdict: what was declared, what was seen and how, what would be done')
  .action(async (service, given) => {
    exitCode = await (await import('./look-commands.js')).explainCommand(service, await options(given))
  })

withCatalogs(withCommon(program.command('probe').argument('<host>')))
  .description("print a host's raw answer to a look, to keep for --replay; it holds all its command lines")
  .action(async (host, given) => {
    exitCode = await (await import('./look-commands.js')).probeCommand(host, await options(given))
  })

withCatalogs(withCommon(program.command('check')))
  .description(
    'try reach, login, host key, shell, tools, sudo and clock on every host, and say what to fix; change nothing',
  )
  .option('-v, --verbose', 'tell on stderr how each login went, as run does with -vvv', () => 3, 0)
  .action(async given => {
    exitCode = await (await import('./check-command.js')).checkCommand(await options(given))
  })

withCatalogs(withInput(program.command('sudoers')))
  .description('print the rules of sudoers(5) that the catalogs need; connect to nothing')
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

withInput(program.command('graph').argument('<playbook>'))
  .description('draw services and their order; connect to nothing')
  .option('-o, --out <file>', 'where to; to stdout if not given')
  .addOption(
    new Option('--format <format>', 'by the ending of the file if not given, else dot').choices(['dot', 'svg']),
  )
  .action(async (playbook, given) => {
    exitCode = await (await import('./graph-command.js')).graphCommand(playbook, await options(given))
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

withCatalogs(withScope(withBatches(withStarting(program.command('start').argument('<service...>')))))
  .description('start services wherever they live, in order; what runs is left alone')
  .action(async (services, given) => {
    exitCode = await (await import('./service-commands.js')).startCommand(services, await options(given))
  })

withCatalogs(withScope(withBatches(withActing(program.command('stop').argument('<service...>')))))
  .description('stop services wherever they live, what requires another one before it')
  .action(async (services, given) => {
    exitCode = await (await import('./service-commands.js')).stopCommand(services, await options(given))
  })

withCatalogs(withScope(withRollout(withActing(program.command('restart').argument('<service...>')))))
  .description(
    'restart services wherever they live; what was restarted already is left alone when it is taken up again',
  )
  .addOption(
    new Option('--started-after <time>', 'leave alone what is younger than that; now if not given').argParser(moment),
  )
  .action(async (services, given) => {
    exitCode = await (await import('./service-commands.js')).restartCommand(services, await options(given))
  })

withCommon(program.command('unlock').argument('<host>'))
  .description('show whose lock is on a host, and remove it where its holder is gone')
  .option('--force', 'remove it although its holder lives or may live')
  .action(async (host, given) => {
    exitCode = await (await import('./unlock-command.js')).unlockCommand(host, await options(given))
  })

withEventFiles(withAsking(withCheck(program.command('apply'))))
  .argument('<file>', 'what steward plan -o has saved')
  .description('do what a saved plan says, and nothing on hosts that moved since')
  .addOption(
    new Option('--lock-timeout <time>', 'how long to wait for a host that another run has locked').argParser(seconds),
  )
  .option('--json', 'print JSON and nothing else')
  .action(async (file, given) => {
    exitCode = await (await import('./again-commands.js')).applyCommand(file, await options(given))
  })

withEventFiles(withAsking(withCheck(program.command('resume'))))
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
  .addArgument(new Argument('<kind>').choices([...documentKinds, 'events']))
  .description(
    'print the JSON Schema of a playbook, a catalog or an inventory, for editors; or that of the events of --json',
  )
  .action(async kind => {
    exitCode = (await import('./schema-command.js')).schemaCommand(kind, shipped)
  })

program
  .command('completion')
  .addArgument(new Argument('<shell>', 'which shell it is for').choices(shells))
  .description('print the script that completes commands, options, files, hosts and services in a shell')
  .action(async shell => {
    exitCode = (await import('./completion/command.js')).completionCommand(shell)
  })

program
  .command('complete', { hidden: true })
  .argument('[words...]')
  .action(async words => {
    exitCode = await (await import('./completion/command.js')).completeCommand(program, words, shipped)
  })

// What they all need is loaded before them: Node opens all files at once of what it loads, and there may be few of them.
program.hook('preAction', async (_, command) => {
  if (command.name().startsWith('complet')) return
  await import('../read/document.js')
  await import('./common.js')
  await import('./input.js')
})

const vault = program
  .command('vault')
  .description('view, change and make what Ansible Vault encrypts')
  .helpCommand(false)
const vaultCommands = () => import('./vault-command.js')
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

teach(program)

/** Throws a CommanderError where the arguments are none of it. */
export const runProgram = async (args: readonly string[] = process.argv.slice(2)): Promise<ExitCode> => {
  await program.parseAsync(args, { from: 'user' })
  return exitCode
}
