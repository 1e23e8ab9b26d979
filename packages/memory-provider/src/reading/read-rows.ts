import type { ScimContext } from '@scimkit/core'
import { type MaybePromise, type Needs, type Stored, type Turns, turnsFor, type Work } from '@scimkit/core/provider'
import type { Row, RowState } from '../rows/row.js'
import type { TenantStore } from '../rows/tenant-store.js'
import { derivedOf } from './derived-attributes.js'
import { membersOf } from './read-members.js'

/**
 * The row in one of its states, with the requested parts: the outer object is new for each call, the document is frozen.
 * The members are a snapshot of the moment of the call. Derived attributes may be later: they are not part of the version.
 */
export function storedOf(
  store: TenantStore,
  row: Row,
  needs: Needs,
  work: Work,
  state: RowState = row.state,
): MaybePromise<Stored> {
  const { ref, version, created, lastModified, json, resource } = state
  const members = membersOf(store, row, needs.members)
  const stored = { ref, version, created, lastModified, json, resource, ...(members !== undefined && { members }) }
  if (needs.derived === false) return stored
  return derivedOf(store, state, needs.derived, work).then((derived) => ({ ...stored, derived }))
}

/**
 * The resources of a page, in portions. `states` are a snapshot; a resource that was removed since is omitted.
 */
export async function storedPage(
  store: TenantStore,
  states: readonly RowState[],
  needs: Needs,
  work: Work,
): Promise<readonly Stored[]> {
  const resources: Stored[] = []
  for (const state of states) {
    const row = store.byId.get(state.ref.id)
    if (row === undefined) continue
    const stored = storedOf(store, row, needs, work, state)
    resources.push(stored instanceof Promise ? await stored : stored)
    if (work.isDue(1 + (row.members?.size ?? 0))) await work.rest()
  }
  return resources
}

/** Work without a budget, for reads that are bounded by the size of their result. */
export function workWithoutLimit(client: Pick<ScimContext, 'signal'>): Work {
  // Created lazily: most reads end before they yield.
  let turns: Turns | undefined
  return {
    isDue(steps) {
      turns ??= turnsFor(client)
      return turns.isDue(steps)
    },
    async rest() {
      await turns?.rest()
    },
    spend() {},
  }
}
