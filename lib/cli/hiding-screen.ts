/** A screen that shows no secret. */
import { mapTexts, type Redaction, redactor } from '../model/redact.js'
import type { Screen } from './screen.js'

export const hidingScreen = (screen: Screen, redactions: readonly Redaction[]): Screen => {
  if (redactions.length === 0) return screen
  const hide = redactor(redactions)
  return {
    ...screen,
    show: event => screen.show(mapTexts(event, hide)),
    say: line => screen.say(hide(line)),
    tell: lines => screen.tell(lines.map(hide)),
  }
}
