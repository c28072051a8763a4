import { describe } from '../helpers/test.js'
import { shellsHere } from '../observe/shells.js'
import { killWhileTaking, raceForLock, racesWanted } from './lock-race.js'

for (const { name, argv, options } of shellsHere()) {
  describe(`a race for the lock in ${name}`, test => {
    const unhurried = { ...options, timeoutMs: 600_000 }
    for (const controllers of [2, 5])
      test(
        `has one winner among ${controllers}, whom the others name`,
        () => raceForLock({ argv, controllers, ...racesWanted(6) }),
        unhurried,
      )

    test(
      'has never two winners, and none that is in the way for ever, when some are killed in the middle of it',
      () => killWhileTaking({ argv, ...racesWanted(8) }),
      unhurried,
    )
  })
}
