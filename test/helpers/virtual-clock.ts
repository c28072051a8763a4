/** The clock of simulated hosts. */
export { virtualClock } from '../../lib/remote/simulated/virtual-clock.js'
