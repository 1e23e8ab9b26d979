import type { Member } from '@scimkit/core/provider'
import { jsonPortions } from '../statement/json-portions.js'

/** Most members in one statement of a write. */
export const membersInStep = 1_000

/** The ids of members as JSON arrays, in order, each short enough for one parameter. */
export function idPortions(members: readonly Member[]): Generator<string> {
  return jsonPortions(members, membersInStep, ({ value }) => value)
}
