/** Prints the JSON Schema of events: `npm run schema` puts it where it is shipped. */
import { eventSchema } from './helpers/event-schema.js'

process.stdout.write(eventSchema())
