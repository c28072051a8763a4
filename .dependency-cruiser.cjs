/** Which room of lib/ may import which; see docs/architecture.md. */
const siblings = ['read', 'decide', 'observe', 'act', 'remote', 'report']
/** `vault-cipher` computes with node:crypto and does nothing else. */
const builtinsAllowed = '^lib/(read/(files|vault-cipher)|remote/|run/journal|api/|cli/)'

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'model-imports-nothing-of-ours',
      severity: 'error',
      from: { path: '^lib/model/' },
      to: { path: '^lib/', pathNot: '^lib/model/' },
    },
    ...siblings.map(room => ({
      name: `${room}-imports-only-the-model`,
      severity: 'error',
      from: { path: `^lib/${room}/` },
      to: { path: '^lib/', pathNot: `^lib/(model|${room})/` },
    })),
    {
      name: 'run-imports-no-face',
      severity: 'error',
      from: { path: '^lib/run/' },
      to: { path: '^lib/(api/|cli/|index)' },
    },
    {
      name: 'api-imports-no-command-line',
      severity: 'error',
      from: { path: '^lib/(api/|index)' },
      to: { path: '^lib/cli/' },
    },
    {
      name: 'builtins-at-the-edge',
      severity: 'error',
      from: { path: '^lib/', pathNot: builtinsAllowed },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'ssh-in-remote-only',
      severity: 'error',
      from: { path: '^lib/', pathNot: '^lib/remote/' },
      to: { path: 'node_modules/(node-ssh|ssh2)/|^(node:)?child_process$' },
    },
    {
      name: 'queue-in-run-only',
      severity: 'error',
      from: { path: '^lib/', pathNot: '^lib/run/' },
      to: { path: 'node_modules/p-queue/' },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'types'] },
    doNotFollow: { path: 'node_modules' },
  },
}
