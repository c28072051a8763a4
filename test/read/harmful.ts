/** Inputs that are small or silly to write and costly to read for whoever is not on guard. */

export const harmful = (): Readonly<Record<string, string>> => ({
  '50 MB': '# harmless\n'.repeat(5_000_000),
  '8 MB of keys': 'a:\n'.repeat(2_700_000),
  '8 MB of one word': 'x'.repeat(8_000_000),
  '8 MB of one key': `? ${'x'.repeat(8_000_000)}\n: 1\n`,
  '100,000 lists in one another': '['.repeat(100_000),
  'aliases that unfold': `a0: &a0 [${ten('x')}]\n${lines(40, i => `a${i + 1}: &a${i + 1} [${ten(`*a${i}`)}]`)}`,
  'aliases that nest': `all: { children: {${lines(400, i => `g${i}: &g${i} { children: { h${i}: ${before(i)} } },`)}}}`,
  'groups that are reached on 2^40 ways': lines(40, i => {
    const next = `s${i + 1}: `
    return `s${i}: { children: { ${next}, m${i}: { children: { ${next} } } } }`
  }),
  'ranges that unfold': `all:\n  hosts:\n${lines(30_000, i => `    a${i}[1:1000][1:1000]:`)}`,
  'ranges that unfold, in INI': lines(20_000, i => `a${i}[1:1000][5:1][1:1000][1:1000] x=1`),
  'INI of nothing but mistakes': lines(400_000, () => 'a=b c'),
  'a literal as deep as it is long': `h x=${'['.repeat(500_000)}`,
  'variables that unfold': `
apps: { hosts: { app1: } }
dbs: { hosts: { db1: } }
all:
  vars:
    dir: "{{ v40 }}"
    port: 8080
    v0: x
${lines(40, i => `    v${i + 1}: "{{ v${i} }}{{ v${i} }}"`)}`,
})

const lines = (count: number, line: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => line(i)).join('\n')

const ten = (text: string): string => Array(10).fill(text).join(', ')

const before = (i: number): string => (i === 0 ? '' : `*g${i - 1}`)
