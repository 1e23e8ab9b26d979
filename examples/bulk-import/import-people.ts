/**
 * Brings people into a SCIM server, many in one request. It can be stopped at any moment and run again, and it can be run
 * again when it is done: whoever is there already gets payroll's attributes, or is left alone.
 */
import { type BulkResult, type Draft, filter, type ScimClient, type User, unwrapUpdate } from '@scimkit/client'
import { laidOver } from './lay-over.js'

/** What has become of the people. */
export interface Imported {
  created: number
  updated: number
  /** There already, and as they should be. */
  unchanged: number
}

/** Somebody to bring in. */
export type Person = Draft<User> & { readonly userName: string; readonly externalId: string }

/** One request's worth of people. Rejects if one of them is neither made nor found. */
export async function importPeople(client: ScimClient, people: readonly Person[], tally: Imported): Promise<void> {
  const bulk = client.bulk()
  const handles = people.map((person) => ({ person, handle: bulk.users.create(person) }))
  const report = await bulk.send()
  for (const { person, handle } of handles) {
    const result = report.of(handle)
    if (result.kind === 'created') tally.created += 1
    else if (isTaken(result)) await bringUpToDate(client, person, tally)
    else throw new Error(`${person.userName}: ${describe(result)}`)
  }
}

// 409: the name is taken. By an earlier run, as a rule.
function isTaken(result: BulkResult): boolean {
  return result.kind === 'failed' && result.failure.kind === 'refused' && result.failure.status === 409
}

function describe(result: BulkResult): string {
  if (result.kind !== 'failed') return result.kind
  const { failure } = result
  const details = failure.kind === 'unknownOutcome' ? failure.response : 'status' in failure ? failure : undefined
  return [failure.kind, details?.status, details && 'detail' in details ? details.detail : undefined]
    .filter(Boolean)
    .join(' ')
}

async function bringUpToDate(client: ScimClient, person: Person, tally: Imported): Promise<void> {
  const found = await client.users.find(filter`userName eq ${person.userName}`)
  if (found === undefined) throw new Error(`${person.userName}: taken a moment ago, and not there now`)
  if (found.externalId !== person.externalId) {
    const who = found.externalId ?? 'without a payroll number'
    throw new Error(`${person.userName}: somebody else has this name, ${who}; rename one of the two`)
  }
  // What the server has beyond payroll's attributes stays, and a change by somebody else meanwhile is not undone.
  const result = await client.users.update(found, (user) => laidOver(user, person))
  unwrapUpdate(result)
  if (result.kind === 'success' && result.written) tally.updated += 1
  else tally.unchanged += 1
}
