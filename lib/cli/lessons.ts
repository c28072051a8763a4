/** What the help teaches of each command: when to take it, and examples that work as they stand. */
import type { Command } from 'commander'

export type Lesson = Readonly<{
  group: string
  when: string
  /** What follows `steward`, and what it does. */
  examples: readonly (readonly [call: string, what: string])[]
}>

const look = 'Look:'
const change = 'Change:'
export const prepare = 'Prepare and check:'
const past = 'Past runs:'
const secrets = 'Secrets:'

/** By the words that call the command. */
export const lessons: Readonly<Record<string, Lesson>> = {
  run: {
    group: change,
    when: 'When services are to be as a playbook says. Run again, it changes nothing.',
    examples: [
      ['run playbooks/start-all.yml', 'start what is missing, in order'],
      ['run playbooks/stop-api.yml -i inventory/four.yml -l km1', 'on one host only'],
      ['run playbooks/start-all.yml --canary 1 --serial 25%', 'one host first, then a quarter at a time'],
    ],
  },
  graph: {
    group: prepare,
    when: 'When you want to see what depends on what.',
    examples: [
      ['graph playbooks/start-all.yml', 'as dot, to stdout'],
      ['graph playbooks/start-all.yml -o estate.svg', 'as a picture'],
    ],
  },
  plan: {
    group: change,
    when: 'Before a run, or instead of one: the same plan, and nothing is changed.',
    examples: [
      ['plan playbooks/start-all.yml', 'what would be done, and why'],
      ['plan playbooks/stop-all.yml --diff', 'what is seen against what should be'],
      ['plan playbooks/start-all.yml -o start.plan', 'save it, for steward apply'],
    ],
  },
  apply: {
    group: change,
    when: 'When a saved plan was agreed on: just that is done, where nothing moved.',
    examples: [
      ['apply start.plan', 'do what it says'],
      ['apply start.plan --check', 'see whether it still holds'],
    ],
  },
  start: {
    group: change,
    when: 'When services are to run, and no playbook says just that.',
    examples: [
      ['start km', 'wherever it lives'],
      ['start km api -l key_managers', 'two services in order, on some hosts'],
    ],
  },
  stop: {
    group: change,
    when: 'When services are to be away for a while, or the copies of one are to go.',
    examples: [
      ['stop api', 'wherever it lives'],
      ['stop km -l km1 --check', 'what that would do on one host'],
    ],
  },
  restart: {
    group: change,
    when: 'When services need new processes. What was restarted already is left alone.',
    examples: [
      ['restart km', 'wherever it lives'],
      ['restart km api --serial 1 -l key_managers', 'two services, host by host'],
      ['restart km --started-after 2026-11-24T23:00:00Z', 'only what is older than that'],
    ],
  },
  resume: {
    group: change,
    when: 'When a run was interrupted, or something failed and is repaired now.',
    examples: [
      ['resume last', 'the newest run'],
      ['resume last --check', 'what is left to do'],
    ],
  },
  unlock: {
    group: change,
    when: 'When a run ends with 75 and you doubt that anybody still works on that host.',
    examples: [
      ['unlock km1', 'whose lock it is; it goes if its holder is gone'],
      ['unlock km1 --force', 'remove it in any case'],
    ],
  },
  status: {
    group: look,
    when: 'When you want to know what runs where, by evidence and not by status scripts.',
    examples: [
      ['status', 'every service on every host'],
      ['status -i inventory/four.yml -l km1', 'one host, with its evidence'],
      ['status api --detailed-exitcode', 'for monitoring: 10 unless it runs everywhere'],
    ],
  },
  explain: {
    group: look,
    when: 'When you do not understand a verdict: all that it rests on.',
    examples: [
      ['explain km@localhost', 'what was declared, what was seen'],
      ['explain km@km1 --replay km1.look', 'of a look that was kept'],
    ],
  },
  probe: {
    group: look,
    when: 'When somebody else, or a bug report, needs to see what a host answers.',
    examples: [
      ['probe km1', 'print it'],
      ['probe km1 -i inventory/four.yml --json', 'as one line of JSON'],
    ],
  },
  discover: {
    group: look,
    when: 'When services run already and there is no catalog of them yet.',
    examples: [
      ['discover localhost', 'draft one from this machine'],
      ['discover km1 km2 -i inventory/four.yml', 'from what two hosts have in common'],
    ],
  },
  check: {
    group: prepare,
    when: 'Before the first run on new hosts: what is in the way, and its cure.',
    examples: [
      ['check', 'all hosts of the inventory'],
      ['check -i inventory/four.yml -l km1 --become', 'one, and becoming root there'],
    ],
  },
  lint: {
    group: prepare,
    when: 'While you write playbooks and catalogs, and before you commit them.',
    examples: [
      ['lint', 'all in playbooks and playbooks/catalog'],
      ['lint playbooks/start-all.yml --strict', 'one; end with 5 where it warns'],
    ],
  },
  inventory: {
    group: prepare,
    when: 'When you wonder which hosts a group has, or what a variable comes to.',
    examples: [
      ['inventory --graph', 'groups and their hosts'],
      ['inventory --host km1 -i inventory/four.yml', 'the variables of one'],
    ],
  },
  sudoers: {
    group: prepare,
    when: 'When a login that is not root is to run services: the rules it needs.',
    examples: [
      ['sudoers', 'for all catalogs'],
      ['sudoers -l key_managers -b', 'for some hosts, acting as root'],
    ],
  },
  schema: {
    group: prepare,
    when: 'When an editor is to complete and check what you write.',
    examples: [
      ['schema playbook', 'the schema of playbooks'],
      ['schema catalog', 'of catalogs'],
    ],
  },
  completion: {
    group: prepare,
    when: 'Once, after installing: then Tab completes what you type.',
    examples: [
      ['completion bash', 'load it with: source <(steward completion bash)'],
      ['completion zsh', 'keep it as _steward in a folder of $fpath'],
      ['completion fish', 'keep it in ~/.config/fish/completions'],
    ],
  },
  runs: {
    group: past,
    when: 'When you look for a run of the past, or for its id.',
    examples: [
      ['runs', 'the last twenty'],
      ['runs -n 100 --json', 'more, for programs'],
    ],
  },
  show: {
    group: past,
    when: 'After a run that failed or was cut short: what it began and what became of it.',
    examples: [
      ['show last', 'the newest'],
      ['show last --json', 'with all its records'],
    ],
  },
  vault: {
    group: secrets,
    when: 'When a secret has to be kept among the files of the inventory.',
    examples: [
      ['vault view group_vars/all/vault.yml -J', 'read one'],
      ['vault edit group_vars/all/vault.yml -J', 'change one'],
    ],
  },
  'vault view': {
    group: secrets,
    when: 'When you want to read what is encrypted, and leave it so.',
    examples: [
      ['vault view group_vars/all/vault.yml -J', 'ask for the password'],
      ['vault view vault.yml --vault-password-file ~/.vault', 'read it from a file'],
    ],
  },
  'vault encrypt': {
    group: secrets,
    when: 'When a file holds secrets and does not look like it yet.',
    examples: [
      ['vault encrypt group_vars/all/vault.yml -J', 'in its place'],
      ['vault encrypt a.yml --vault-id prod@prompt', 'for the vault id prod'],
    ],
  },
  'vault decrypt': {
    group: secrets,
    when: 'When a file is to be readable for good.',
    examples: [
      ['vault decrypt group_vars/all/vault.yml -J', 'in its place'],
      ['vault decrypt a.yml b.yml -J', 'several with one password'],
    ],
  },
  'vault edit': {
    group: secrets,
    when: 'When what is encrypted has to change: no readable copy stays behind.',
    examples: [
      ['vault edit group_vars/all/vault.yml -J', 'with $VISUAL or $EDITOR'],
      ['vault edit a.yml --vault-id prod@prompt', 'with the password of prod'],
    ],
  },
  'vault encrypt-string': {
    group: secrets,
    when: 'When one value among others is secret. It is asked for, or read from stdin.',
    examples: [
      ['vault encrypt-string --name db_password -J', 'ready to paste into YAML'],
      ['vault encrypt-string -n token --vault-id prod@prompt', 'for the vault id prod'],
    ],
  },
}

/** The end of the help of all. */
export const mainLesson = `
Examples:
  steward plan playbooks/start-all.yml           what would be done, and why
  steward run playbooks/start-all.yml            do it, and see that it is so
  steward status -i inventory/four.yml -l km1    what runs there right now
  steward run --help                             more of one command

Exit codes:
  0    done, or nothing to do
  2    a host failed
  4    a host could not be reached
  5    a mistake in the input or the call; nothing was connected to
  10   with --detailed-exitcode: something is to be done, or is not running
  75   a host is locked by another run
  99   interrupted
  250  a bug of steward's`

/** Adds to the help of each command what there is to teach of it, and sorts the commands. */
export const teach = (program: Command): void => {
  for (const [words, { group, when, examples }] of Object.entries(lessons)) {
    let command: Command | undefined = program
    for (const word of words.split(' ')) command = command?.commands.find(one => one.name() === word)
    command?.helpGroup(group).addHelpText('after', `\n${when}\n\nExamples:\n${exampleLines(examples).join('\n')}`)
  }
}

/** What it does stands beside the call where there is room, else below. */
const exampleLines = (examples: Lesson['examples']): readonly string[] => {
  const width = Math.max(...examples.map(([call]) => call.length))
  const isBeside = examples.every(([, what]) => width + what.length + 12 <= 80)
  return examples.flatMap(([call, what]) =>
    isBeside ? [`  steward ${call.padEnd(width)}  ${what}`] : [`  steward ${call}`, `      ${what}`],
  )
}
