/** A real browser without a window, spoken to over a pipe (Chrome DevTools Protocol). */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'

export type View = Readonly<{ width: number; height: number; dark?: boolean }>

/** `asked`: every address that it asked for; `logged`: what it complained of, as of a script that was not let run. */
export type Shown = Readonly<{
  evaluate: (expression: string) => Promise<unknown>
  screenshot: () => Promise<Buffer>
  asked: readonly string[]
  logged: readonly string[]
}>

const program = '/usr/bin/chromium-headless-shell'

/** One browser for all of `use`; it is gone afterwards. */
export const withChromium = async (
  use: (show: (url: string, view: View) => Promise<Shown>) => Promise<void>,
): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), 'steward-browser-'))
  const flags = ['--no-sandbox', '--remote-debugging-pipe', '--disable-gpu', `--user-data-dir=${folder}`]
  const child = spawn(program, flags, { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] })
  const ended = new Promise(resolve => child.once('exit', resolve))
  const to = child.stdio[3] as Writable
  const from = child.stdio[4] as Readable
  try {
    const { call, show } = speakTo(to, from)
    await use(show)
    await call('Browser.close')
    await ended
  } finally {
    child.kill('SIGKILL')
    await ended
    // Its own children may still hold the other ends.
    to.destroy()
    from.destroy()
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

type Message = { id?: number; method?: string; params?: Record<string, unknown>; result?: unknown; error?: unknown }

const speakTo = (to: Writable, from: Readable) => {
  const answers = new Map<number, (message: Message) => void>()
  let listen: (message: Message) => void = () => {}
  let rest = ''
  from.setEncoding('utf8').on('data', (text: string) => {
    const messages = (rest + text).split('\0')
    rest = messages.pop() ?? ''
    for (const one of messages) {
      const message = JSON.parse(one) as Message
      if (message.id === undefined) listen(message)
      else answers.get(message.id)?.(message)
    }
  })
  let last = 0
  const call = (method: string, params: object = {}, sessionId?: string): Promise<Record<string, unknown>> => {
    last += 1
    const id = last
    to.write(`${JSON.stringify({ id, method, params, ...(sessionId === undefined ? {} : { sessionId }) })}\0`)
    return new Promise((resolve, reject) =>
      answers.set(id, ({ result, error }) =>
        error === undefined
          ? resolve(result as Record<string, unknown>)
          : reject(new Error(`${method}: ${JSON.stringify(error)}`)),
      ),
    )
  }
  const show = async (url: string, { width, height, dark = false }: View): Promise<Shown> => {
    const { targetId } = await call('Target.createTarget', { url: 'about:blank' })
    const { sessionId } = await call('Target.attachToTarget', { targetId, flatten: true })
    const tell = (method: string, params: object = {}) => call(method, params, String(sessionId))
    const asked: string[] = []
    const logged: string[] = []
    const loaded = new Promise<void>(resolve => {
      listen = ({ method, params }) => {
        if (method === 'Page.loadEventFired') resolve()
        if (method === 'Network.requestWillBeSent') asked.push((params as { request: { url: string } }).request.url)
        if (method === 'Log.entryAdded') logged.push((params as { entry: { text: string } }).entry.text)
      }
    })
    for (const domain of ['Page', 'Network', 'Log', 'Runtime']) await tell(`${domain}.enable`)
    await tell('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: 1, mobile: false })
    await tell('Emulation.setEmulatedMedia', {
      features: [{ name: 'prefers-color-scheme', value: dark ? 'dark' : 'light' }],
    })
    await tell('Page.navigate', { url })
    await loaded
    return {
      evaluate: async expression => {
        const { result } = await tell('Runtime.evaluate', { expression, returnByValue: true })
        return (result as { value: unknown }).value
      },
      screenshot: async () => Buffer.from(String((await tell('Page.captureScreenshot'))['data']), 'base64'),
      asked,
      logged,
    }
  }
  return { call, show }
}
