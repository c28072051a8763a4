/** Colour, where the reader wants it. */
import pc from 'picocolors'

export type Style = Readonly<Record<'good' | 'changed' | 'bad' | 'quiet' | 'strong', (text: string) => string>>

export const styleFor = (colour: boolean): Style => {
  const { green, yellow, red, dim, bold } = pc.createColors(colour)
  return { good: green, changed: yellow, bad: red, quiet: dim, strong: bold }
}
