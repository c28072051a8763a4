/** Medians with their spread, as lines. */

export type Figure = Readonly<{ name: string; unit: string; values: readonly number[] }>

export const figureLine = ({ name, unit, values }: Figure): string => {
  const sorted = [...values].sort((a, b) => a - b)
  const [least = 0] = sorted
  const most = sorted.at(-1) ?? 0
  return `${name.padEnd(64)} ${show(median(values))} ${unit}  (${show(least)} to ${show(most)}, ${values.length} runs)`
}

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2
}

const show = (value: number): string => (value < 10 ? value.toFixed(2) : value.toFixed(0))
