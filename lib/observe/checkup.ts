/** The script that says what a host has of what steward needs, and the reader of what it prints; it changes nothing. */
import * as E from 'fp-ts/lib/Either.js'
import { type Tool, tools } from '../model/check.js'
import { frameFunctions, readFrame } from '../model/frame.js'

export type Checkup = Readonly<{
  /** The host's clock, in whole seconds since 1970; null where it has no `date +%s`. */
  clockSeconds: number | null
  /** What of that which was looked for is there. */
  has: ReadonlySet<Tool>
}>

export const checkupScript = (nonce: string): string => `{
${frameFunctions(nonce)}
PATH=/usr/bin:/bin:/usr/sbin:/sbin:/usr/xpg4/bin\${PATH:+:$PATH} LC_ALL=C
export PATH LC_ALL
has() { if command -v "$1" >/dev/null 2>&1; then echo "$1 yes"; else echo "$1 no"; fi; }
frame begin
section clock date
date +%s 2>/dev/null
ended $?
section tools sh
if [ -r /proc/self/stat ] && grep -azq '' /proc/self/cmdline 2>/dev/null; then echo 'proc yes'; else echo 'proc no'; fi
for tool in ps grep ss netstat readlink; do has "$tool"; done
if ls -lnbd / >/dev/null 2>&1; then echo 'ls yes'; else echo 'ls no'; fi
tmp=no
for folder in "\${TMPDIR:-/tmp}" "$HOME" /var/tmp /dev/shm; do [ -d "$folder" ] && [ -w "$folder" ] && tmp=yes; done
echo "tmp $tmp"
if { [ -d "$HOME" ] && [ -w "$HOME" ]; } || [ -w /tmp ]; then echo 'place yes'; else echo 'place no'; fi
ended 0
frame end
exit 0
}
`

export const readCheckup = (nonce: string, output: string): E.Either<string, Checkup> =>
  E.map((sections: readonly Readonly<{ name: string; code: number; body: string }>[]): Checkup => {
    const bodyOf = (name: string) => sections.find(section => section.name === name)?.body.trim() ?? ''
    const clock = bodyOf('clock')
    const lines = bodyOf('tools').split('\n')
    return {
      clockSeconds: /^\d+$/.test(clock) ? Number(clock) : null,
      has: new Set(tools.filter(tool => lines.includes(`${tool} yes`))),
    }
  })(readFrame(nonce, output))
