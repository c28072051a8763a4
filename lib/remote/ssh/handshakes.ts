/**
 * How many log in at once where an sshd counts them: with its defaults, it drops some of ten that have not yet logged
 * in, and all of a hundred (sshd_config(5), MaxStartups 10:30:100).
 */

/** `Dropped` halves the room, a success adds one place to it. */
type Ended = 'ok' | 'dropped' | 'other'

export type Ramp = Readonly<{
  /** Resolves with what to call at the end, once there is room. */
  enter: () => Promise<(how: Ended) => void>
}>

/** Whoever takes longer holds nobody else up: a silent host is not what the ramp is for. */
const heldAtMostMs = 3000

const ramp = (start: number, least: number, most: number): Ramp => {
  let room = start
  let inside = 0
  const line: (() => void)[] = []
  const letIn = () => {
    while (inside < room && line.length > 0) {
      inside += 1
      line.shift()?.()
    }
  }
  return {
    enter: async () => {
      await new Promise<void>(resolve => {
        line.push(resolve)
        letIn()
      })
      let isInside = true
      const leave = () => {
        if (isInside) inside -= 1
        isInside = false
        letIn()
      }
      const timer = setTimeout(leave, heldAtMostMs)
      return how => {
        clearTimeout(timer)
        if (how === 'ok') room = Math.min(most, room + 1)
        if (how === 'dropped') room = Math.max(least, Math.floor(room / 2))
        leave()
      }
    },
  }
}

export type Ramps = (address: string, jump: string | null) => readonly Ramp[]

/**
 * One ramp for each sshd as it is addressed, which stays below what an sshd bears; and a wider one for all that is
 * behind one jump host, as several addresses may be one sshd.
 */
export const rampsFor = (): Ramps => {
  const ramps = new Map<string, Ramp>()
  const get = (key: string, make: () => Ramp): Ramp => {
    const found = ramps.get(key) ?? make()
    ramps.set(key, found)
    return found
  }
  return (address, jump) => [
    get(`to ${address}`, () => ramp(4, 1, 8)),
    ...(jump === null ? [] : [get(`behind ${jump}`, () => ramp(32, 4, 64))]),
  ]
}
