/** The state of one request in a store: its budget of calls, and the resources that were read ahead for it. */
import type { ScimContext } from '@scimkit/core'
import type { Needs, ResourceRef, Stored, VersionChange } from '@scimkit/core/provider'
import type { CallBudget } from '../driver/call-budget.js'
import type { Row } from '../driver/driver.js'
import { aheadReader } from '../reading/read-ahead.js'
import { historyReader } from '../reading/read-history.js'
import { storedOf } from '../reading/rows.js'
import type { Store } from '../store/store.js'
import { type Writer, writer } from '../writing/writer.js'
import { type Reads, replicaReads } from './replica-reads.js'

/** Reads and writes of one request, or of all that share a driver. They throw a StoreFailure when the store fails. */
export interface RequestWork extends Reads, Writer {
  readonly store: Store
  /** The budget of calls of the request; undefined if calls are not counted. */
  readonly calls: CallBudget | undefined
  willRead(refs: readonly ResourceRef[], context: ScimContext): Promise<void>
  history(ref: ResourceRef, context: ScimContext): Promise<readonly VersionChange[]>
}

/** The work of one request, with a store whose driver belongs to the request. */
export function requestWork(store: Store, calls?: CallBudget): RequestWork {
  const reads = replicaReads(store)
  const readAhead = aheadReader(store)
  let ahead: Map<string, Row> | undefined
  return {
    store,
    calls,
    read(ref, needs, context) {
      const known = needs.stale === true && isDocumentOnly(needs) ? takeFrom(ahead, ref, context) : undefined
      return known === undefined ? reads.read(ref, needs, context) : Promise.resolve(known)
    },
    async willRead(refs, { tenant }) {
      ahead = new Map()
      for (const row of await readAhead(refs, tenant)) ahead.set(keyOf(tenant, String(row.type), String(row.id)), row)
    },
    query: reads.query,
    history: historyReader(store),
    ...writer(store),
  }
}

/**
 * The work of each request, created at its first operation or, if calls are not counted, when it first reads ahead. Undefined for
 * callers outside of a request.
 */
export function workOfRequests(store: Store): (context: ScimContext, readsAhead?: boolean) => RequestWork | undefined {
  const { driver } = store
  const works = new WeakMap<object, RequestWork>()
  return ({ request }, readsAhead = false) => {
    if (request === undefined) return undefined
    const known = works.get(request)
    if (known !== undefined || (driver.forRequest === undefined && !readsAhead)) return known
    const own = driver.forRequest?.()
    const work = own === undefined ? requestWork(store) : requestWork({ ...store, driver: own }, own.calls)
    works.set(request, work)
    return work
  }
}

function isDocumentOnly({ members, derived }: Needs): boolean {
  return members === 'none' && derived === false
}

// Each row is used once: a request that reads a resource a second time has changed it.
function takeFrom(
  ahead: Map<string, Row> | undefined,
  { type, id }: ResourceRef,
  { tenant }: ScimContext,
): Stored | undefined {
  const key = keyOf(tenant, type, id)
  const row = ahead?.get(key)
  ahead?.delete(key)
  return row && storedOf(row)
}

function keyOf(tenant: string, type: string, id: string): string {
  return JSON.stringify([tenant, type, id])
}
