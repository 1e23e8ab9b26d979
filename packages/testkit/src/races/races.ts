import { mailAdds, memberAdds, unconditionalPuts } from './lost-updates.js'
import { oneWinner, removeAgainstReplace } from './one-winner.js'
import type { Race } from './race.js'
import { uniqueNames } from './unique-names.js'

/** All races. */
export const races: readonly Race[] = [
  oneWinner,
  removeAgainstReplace,
  memberAdds,
  mailAdds,
  unconditionalPuts,
  uniqueNames,
]
