/** Options that several commands have in common. */
import { type Command, Option } from 'commander'
import { becomeMethods } from '../model/become.js'
import { rollbacks } from '../model/rollout.js'
import {
  collect,
  collectWords,
  moreThanNothing,
  percentage,
  positive,
  seconds,
  shares,
  someShare,
  userName,
} from './arguments.js'

/** Without a default of its own: what ssh_config says counts before ours. */
const time = (flags: string, description: string): Option => new Option(flags, description).argParser(moreThanNothing)

export const withVault = (command: Command): Command =>
  command
    .optionsGroup('Secrets:')
    .option('-J, --ask-vault-pass', 'ask for the vault password')
    .option('--vault-password-file <file>', 'read it from a file, or have a program print it (again for more)', collect)
    .addOption(new Option('--vault-pass-file <file>').hideHelp().argParser(collect))
    .option('--vault-id <id@source>', 'the same for a vault id; the source is a file, a program or prompt', collect)
    .optionsGroup('Options:')

/** What is read before anything else is done. */
export const withInput = (command: Command): Command =>
  withVault(
    command
      .optionsGroup('Hosts and variables:')
      .option(
        '-i, --inventory <source>',
        "the hosts: a file, a folder or a program of Ansible's, or h1,h2 (again for more)",
        collect,
      )
      .option('--playbook-dir <folder>', 'where group_vars and host_vars are besides (beside the playbook, or here)')
      .option('-l, --limit <pattern>', 'only these hosts of it, such as web:!web3')
      .option('-e, --extra-vars <vars>', 'variables that win over all others: NAME=VALUE, a map, or @FILE', collect)
      .optionsGroup('Becoming another user:')
      .option('-b, --become', 'act as another user wherever nothing else says whether to')
      .addOption(new Option('--become-user <user>', 'as whom, where nothing else says so (root)').argParser(userName))
      .addOption(
        new Option('--become-method <method>', 'by what, where nothing else says so (sudo)').choices(becomeMethods),
      ),
  )

export const withCommon = (command: Command): Command =>
  withInput(command)
    .optionsGroup('Reaching hosts:')
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
    .optionsGroup('Options:')
    .option('--json', 'print JSON and nothing else')

export const withPlaybook = (command: Command): Command =>
  command
    .optionsGroup('Part of a playbook:')
    .option('-t, --tags <tags>', 'only services with one of these tags, such as web,db', collectWords)
    .option('--skip-tags <tags>', 'no services with one of these tags', collectWords)
    .option('--start-at <play|host>', 'leave out what comes before this play, or before the first batch with this host')
    .option('--list-hosts', 'list the hosts of each play, and connect to nothing')
    .option('--list-steps', 'list the services of each play on their hosts, and connect to nothing')
    .option('--list-tags', 'list the tags of each play, and connect to nothing')
    .option('--syntax-check', 'look for mistakes in all files, and connect to nothing')
    .optionsGroup('Options:')

/** What is known of services. */
export const withCatalogs = (command: Command): Command =>
  command
    .optionsGroup('Options:')
    .option('-c, --catalog <file>', 'a catalog (again for more); all in playbooks/catalog if none is named', collect)

export const withLooking = (command: Command): Command =>
  withCatalogs(withCommon(command)).option(
    '--replay <file>',
    'judge what steward probe has saved, and connect to nothing (again for more)',
    collect,
  )

export const withDetails = (command: Command): Command =>
  command
    .optionsGroup('Plan:')
    .option('--detailed-exitcode', 'of a plan: 10 where something is to be done, 0 where nothing is')

export const withDiff = (command: Command): Command =>
  command.option(
    '-D, --diff',
    'show what was seen against what should be, of each service that differs; not with --json',
  )

export const withCheck = (command: Command): Command =>
  withDiff(
    withDetails(
      command
        .optionsGroup('Plan:')
        .addOption(
          new Option('-C, --check', 'show what would be done, as steward plan does; change nothing').implies({
            plan: true,
          }),
        )
        .addOption(new Option('--plan').hideHelp()),
    ),
  )

export const withScope = (command: Command): Command =>
  command
    .optionsGroup('Plan:')
    .option('-o, --out <file>', 'save the plan, for steward apply')
    .option('--retry <run>', 'only hosts that failed in this run, were skipped or out of reach, or are unknown since')

/** Whom it asks, on a terminal. */
export const withAsking = (command: Command): Command =>
  command
    .optionsGroup('While it runs:')
    .option('-y, --yes', 'do not ask on the terminal before services are stopped, nor after a canary')
    .option('--step', 'ask before each batch, and each play without any')
    .option(
      '-v, --verbose',
      'tell of services that need nothing too; -vv of commands and what they print; -vvv of each login, look and wait',
      (_, before: number) => before + 1,
      0,
    )

/** How hosts are gone over, whatever plays say. */
export const withRollout = (command: Command): Command =>
  withBatches(command)
    .optionsGroup('Rollout:')
    .addOption(
      new Option('--max-unavailable <instances>', 'restart only while no more of a service are away').argParser(
        someShare,
      ),
    )
    .optionsGroup('Options:')

/** The same without what is of restarts alone. */
export const withBatches = (command: Command): Command =>
  command
    .optionsGroup('Rollout:')
    .addOption(
      new Option('--serial <sizes>', 'how many hosts change at once, such as 2, 25% or 1,5,25%').argParser(shares),
    )
    .addOption(new Option('--canary <hosts>', 'so many before all others').argParser(someShare))
    .addOption(new Option('--pause-between <time>', 'wait so long between batches').argParser(seconds))
    .addOption(
      new Option(
        '--max-fail-percentage <n>',
        'begin nothing more once more than so many of the hosts have failed',
      ).argParser(percentage),
    )
    .option('--any-errors-fatal', 'begin nothing more once anything has failed')
    .addOption(
      new Option('--rollback <how>', 'to what a rollout had begun where it is stopped for its failures').choices(
        rollbacks,
      ),
    )
    .optionsGroup('Options:')

export const withSurvivors = (command: Command): Command =>
  command.option('--stop-survivors', 'let a stop end what is declared to survive it (on_stop: keep) too')

/** What a run leaves behind besides its journal. */
export const withEventFiles = (command: Command): Command =>
  command
    .optionsGroup('What it leaves:')
    .option('--junit <file>', 'write what came of each service as JUnit XML, for CI')
    .option('--report <file>', 'write a page on the run to this file, as HTML')
    .optionsGroup('While it runs:')

export const withActing = (command: Command): Command => acting(withSurvivors(withCommon(command)))

/** Nothing is stopped. */
export const withStarting = (command: Command): Command => acting(withCommon(command))

const acting = (command: Command): Command =>
  withEventFiles(withAsking(withCheck(command))).addOption(
    new Option('--lock-timeout <time>', 'how long to wait for a host that another run has locked')
      .default(60, '60s')
      .argParser(seconds),
  )

export const sealing = (command: Command): Command =>
  withVault(command).option('--encrypt-vault-id <id>', 'which of several vault ids to encrypt for')
