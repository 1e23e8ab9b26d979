/** Checks which people of payroll are on the server, by their payroll number, so that other users do not count. */
import { filter, type ScimClient } from '@scimkit/client'
import type { Person } from './import-people.js'
import { person, prefix } from './people.js'

/** True if the person is on the server. */
export async function isThere(client: ScimClient, { externalId }: Person): Promise<boolean> {
  const sameNumber = filter`externalId eq ${externalId}`
  const { resources } = await client.users.query({ filter: sameNumber, attributes: ['externalId'], count: 1 })
  return resources.length > 0
}

/** The people that are not on the server. */
export interface Missing {
  readonly count: number
  /** One of them; undefined if all are on the server. */
  readonly example: Person | undefined
}

/** Reads all people of payroll from the server, and looks for each of the first `users` people among them. */
export async function missingOf(client: ScimClient, users: number): Promise<Missing> {
  const there = new Set<string | undefined>()
  const ofPayroll = { filter: filter`externalId sw ${prefix}`, attributes: ['externalId'], count: 200 }
  for await (const { externalId } of client.users.all(ofPayroll)) there.add(externalId)
  let count = 0
  let example: Person | undefined
  for (let i = 0; i < users; i++) {
    const each = person(i)
    if (there.has(each.externalId)) continue
    count += 1
    example ??= each
  }
  return { count, example }
}
