/**
 * All members of a group, read in portions: an embedded database answers synchronously, and reading a hundred thousand rows at once
 * would block the event loop.
 */

import type { Member } from '@scimkit/core/provider'
import type { Driver, Row } from '../driver/driver.js'
import { yieldToEventLoop } from '../driver/event-loop-yield.js'
import { jsonPortions } from '../statement/json-portions.js'
import { memberOf } from './rows.js'
import type { ReadStatements, RefValues } from './statements.js'

/**
 * Most members in one portion. An embedded database blocks the process meanwhile; with D1 each portion is a call, and Workers limit
 * the calls of a request (50 on the free plan).
 */
export function membersInPortion({ isolatesRequests }: Pick<Driver, 'isolatesRequests'>): number {
  return isolatesRequests === true ? 10_000 : 1_000
}

/**
 * The members of a group whose row and first members have been read, including the first members; undefined if the group has
 * changed meanwhile, so that the portions are not from one state.
 */
export async function membersInPortions(
  driver: Driver,
  statements: Pick<ReadStatements, 'byRef' | 'portionOfMembers'>,
  values: RefValues,
  { version }: Row,
  first: readonly Row[],
): Promise<readonly Member[] | undefined> {
  const members = first.map(memberOf)
  const limit = membersInPortion(driver)
  for (let rows = first; rows.length === limit; ) {
    await yieldToEventLoop()
    const after = Number(rows.at(-1)?.seq)
    const portion = statements.portionOfMembers({ ...values, after, limit })
    const [[group] = [], next = []] = await driver.read([statements.byRef(values), portion])
    if (group?.version !== version) return undefined
    for (const row of next) members.push(memberOf(row))
    rows = next
  }
  return members
}

/** The members with these ids, in the order of the ids; `changed` if the group has changed between two portions. */
export async function namedInPortions(
  driver: Driver,
  statements: Pick<ReadStatements, 'byRef' | 'onlyMembersOfRef'>,
  values: RefValues,
  ids: readonly string[],
): Promise<{ readonly row: Row; readonly members: readonly Member[] } | 'changed' | undefined> {
  const members: Member[] = []
  let known: Row | undefined
  const most = membersInPortion(driver)
  for (let at = 0; at < ids.length; at += most) {
    if (at > 0) await yieldToEventLoop()
    const some = ids.slice(at, at + most)
    const asked = [...jsonPortions(some, most, (id) => id)].map((only) =>
      statements.onlyMembersOfRef({ ...values, only }),
    )
    const [[row] = [], ...found] = await driver.read([statements.byRef(values), ...asked])
    if (row === undefined) return at === 0 ? undefined : 'changed'
    if (known !== undefined && known.version !== row.version) return 'changed'
    known = row
    const byId = new Map(found.flat().map((one) => [String(one.member_id), one]))
    for (const id of some) {
      const one = byId.get(id)
      if (one !== undefined) members.push(memberOf(one))
    }
  }
  return known && { row: known, members }
}
