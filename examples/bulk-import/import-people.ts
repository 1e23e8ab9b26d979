/**
 * Imports people into a SCIM server, many in one request. It can be stopped at any moment and run again, and it is
 * idempotent: existing users get payroll's attributes, or stay unchanged.
 */
import { type BulkResult, type Draft, filter, type ScimClient, type User, unwrapUpdate } from '@scimkit/client'
import { mergePayroll } from './merge-payroll.js'

/** The numbers of created, updated and unchanged users. */
export interface Imported {
  created: number
  updated: number
  /** Users that existed with the same attributes. */
  unchanged: number
}

/** A person to import. */
export type Person = Draft<User> & { readonly userName: string; readonly externalId: string }

/** Imports the people of one request. Rejects if a person can be neither created nor found. */
export async function importPeople(client: ScimClient, people: readonly Person[], tally: Imported): Promise<void> {
  const bulk = client.bulk()
  const handles = people.map((person) => ({ person, handle: bulk.users.create(person) }))
  const report = await bulk.send()
  for (const { person, handle } of handles) {
    const result = report.resultOf(handle)
    if (result.kind === 'created') tally.created += 1
    else if (isTaken(result)) await updateExisting(client, person, tally)
    else throw new Error(`${person.userName}: ${describe(result)}`)
  }
}

// 409: the name is taken, usually by an earlier run.
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

async function updateExisting(client: ScimClient, person: Person, tally: Imported): Promise<void> {
  const found = await client.users.find(filter`userName eq ${person.userName}`)
  if (found === undefined) throw new Error(`${person.userName}: the name was taken, but the user no longer exists`)
  if (found.externalId !== person.externalId) {
    const who = found.externalId ?? 'without a payroll number'
    throw new Error(`${person.userName}: another user has this name, ${who}; rename one of the two`)
  }
  // Attributes that payroll does not have stay, and concurrent changes are not undone.
  const result = await client.users.update(found, (user) => mergePayroll(user, person))
  unwrapUpdate(result)
  if (result.kind === 'success' && result.written) tally.updated += 1
  else tally.unchanged += 1
}
