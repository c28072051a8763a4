/** Names of settings in `ansible.cfg` and the environment: what they mean here, and which are not heeded. */
import { becomeMethods } from '../model/become.js'

type Key = Readonly<{ names: readonly string[]; keys: readonly string[] }>

/** By the variable of the inventory that says the same. */
export const connection: readonly (Key & Readonly<{ variable: string; isPath?: true }>)[] = [
  { variable: 'ansible_user', names: ['ANSIBLE_REMOTE_USER'], keys: ['defaults.remote_user'] },
  { variable: 'ansible_port', names: ['ANSIBLE_REMOTE_PORT'], keys: ['defaults.remote_port'] },
  {
    variable: 'ansible_private_key_file',
    names: ['ANSIBLE_PRIVATE_KEY_FILE'],
    keys: ['defaults.private_key_file'],
    isPath: true,
  },
  { variable: 'ansible_connection', names: ['ANSIBLE_TRANSPORT'], keys: ['defaults.transport'] },
  { variable: 'ansible_ssh_args', names: ['ANSIBLE_SSH_ARGS'], keys: ['ssh_connection.ssh_args'] },
  {
    variable: 'ansible_ssh_common_args',
    names: ['ANSIBLE_SSH_COMMON_ARGS'],
    keys: ['ssh_connection.ssh_common_args'],
  },
  { variable: 'ansible_ssh_extra_args', names: ['ANSIBLE_SSH_EXTRA_ARGS'], keys: ['ssh_connection.ssh_extra_args'] },
]

const yes = /^(?:yes|on|1|true|t|y|1\.0)$/i
const no = /^(?:no|off|0|false|f|n|0\.0|)$/i

const usualFlags = /^(?:-H|-S|-n|\s)*$/
const passwordsElsewhere = 'a password is read from a file (become_password_file), asked for (-K), or in a vault'

/** Of what could do harm if it were thought to be heeded; `harmless` values ask for what is done anyway. */
export const unheeded: readonly (Key & Readonly<{ harmless: RegExp; why: string }>)[] = [
  {
    names: ['ANSIBLE_SSH_HOST_KEY_CHECKING', 'ANSIBLE_HOST_KEY_CHECKING'],
    keys: ['ssh_connection.host_key_checking', 'defaults.host_key_checking'],
    harmless: yes,
    why: 'host keys are always checked; --host-key accept-new writes down new ones',
  },
  {
    names: ['ANSIBLE_BECOME_EXE'],
    keys: ['privilege_escalation.become_exe'],
    harmless: /^(?:sudo|doas|su)?$/,
    why: 'sudo, doas and su are called by their names',
  },
  {
    names: ['ANSIBLE_BECOME_FLAGS'],
    keys: ['privilege_escalation.become_flags'],
    harmless: usualFlags,
    why: 'sudo, doas and su are called with options of our own',
  },
  ...becomeMethods.flatMap(method => [
    {
      names: [`ANSIBLE_${method.toUpperCase()}_USER`],
      keys: [`${method}_become_plugin.user`],
      harmless: /^$/,
      why: 'whom to become is said by become_user',
    },
    {
      names: [`ANSIBLE_${method.toUpperCase()}_EXE`],
      keys: [`${method}_become_plugin.executable`],
      harmless: new RegExp(`^(?:${method})?$`),
      why: `${method} is called by its name`,
    },
    {
      names: [`ANSIBLE_${method.toUpperCase()}_FLAGS`],
      keys: [`${method}_become_plugin.flags`],
      harmless: usualFlags,
      why: `${method} is called with options of our own`,
    },
    {
      names: [`ANSIBLE_${method.toUpperCase()}_PASS`],
      keys: [`${method}_become_plugin.password`],
      harmless: /^$/,
      why: passwordsElsewhere,
    },
  ]),
  { names: ['ANSIBLE_BECOME_PASS'], keys: [], harmless: /^$/, why: passwordsElsewhere },
  {
    names: ['ANSIBLE_VAULT_ID_MATCH'],
    keys: ['defaults.vault_id_match'],
    harmless: no,
    why: 'every vault password is tried, that of the same id first',
  },
  {
    names: ['ANSIBLE_PLAYBOOK_VARS_ROOT'],
    keys: ['defaults.playbook_vars_root'],
    harmless: /^(?:top)?$/,
    why: 'group_vars and host_vars are read beside the playbook that is named',
  },
  {
    names: ['ANSIBLE_VARS_ENABLED'],
    keys: ['defaults.vars_plugins_enabled'],
    harmless: /^(?:(?:ansible\.builtin\.)?host_group_vars)?$/,
    why: 'variables are read from group_vars and host_vars, and from nowhere else besides',
  },
  {
    names: ['ANSIBLE_ANY_ERRORS_FATAL'],
    keys: ['defaults.any_errors_fatal'],
    harmless: no,
    why: 'a play says so itself',
  },
  {
    names: ['ANSIBLE_HASH_BEHAVIOUR'],
    keys: ['defaults.hash_behaviour'],
    harmless: /^replace$/,
    why: 'of two maps with one name the one that counts more takes the place of the other',
  },
  {
    names: ['ANSIBLE_PRECEDENCE'],
    keys: ['defaults.precedence'],
    harmless: /^$/,
    why: "variables have Ansible's usual precedence",
  },
  {
    names: ['ANSIBLE_INVENTORY_IGNORE', 'ANSIBLE_INVENTORY_IGNORE_REGEX'],
    keys: [
      'defaults.inventory_ignore_extensions',
      'inventory.ignore_extensions',
      'defaults.inventory_ignore_patterns',
      'inventory.ignore_patterns',
    ],
    harmless: /^$/,
    why: "of a folder, what Ansible usually ignores is left out, so hosts may be read that you don't mean",
  },
  {
    names: ['ANSIBLE_INVENTORY_ENABLED'],
    keys: ['inventory.enable_plugins'],
    harmless: /^$/,
    why: 'INI, YAML, lists of hosts and programs are read, and nothing else',
  },
]
