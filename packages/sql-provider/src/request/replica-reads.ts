/**
 * Routes a read: to the database itself, or to a replica if the read may return a state before the last writes. A replica never
 * decides that a resource is absent: the identity provider would create the resource again.
 */
import type { ScimContext } from '@scimkit/core'
import type { Needs, Page, Query, ResourceRef, Stored } from '@scimkit/core/provider'
import { StoreFailure } from '../driver/store-failure.js'
import { pageQueries } from '../query/pages/query-page.js'
import { reader as readerOf } from '../reading/reader.js'
import type { Store } from '../store/store.js'

/** The reads of a provider. */
export interface Reads {
  read(ref: ResourceRef, needs: Needs, context: ScimContext): Promise<Stored | undefined>
  query(type: string, query: Query, context: ScimContext): Promise<Page>
}

/** The reads of a store, with replicas. They throw the errors of the store's own reads. */
export function replicaReads(store: Store): Reads {
  const latest = readsOn(store)

  /** The result of a replica, if the read permits one; else, or if it fails or finds nothing, the result of the database itself. */
  async function nearest<Value>(
    { mayLag }: Needs,
    ask: (reads: Reads) => Promise<Value>,
    isFound: (value: Value) => boolean,
  ): Promise<Value> {
    const replica = mayLag === true ? store.driver.replica?.() : undefined
    if (replica === undefined) return ask(latest)
    try {
      const value = await ask(readsOn({ ...store, driver: replica }))
      if (isFound(value)) return value
    } catch (error) {
      // The replica may still have the tables or keys from before a migration.
      if (!(error instanceof StoreFailure)) throw error
    }
    return ask(latest)
  }

  return {
    read: (ref, needs, context) =>
      nearest(
        needs,
        (reads) => reads.read(ref, needs, context),
        (stored) => stored !== undefined,
      ),
    query: (type, query, context) =>
      nearest(
        query.needs,
        (reads) => reads.query(type, query, context),
        ({ resources, totalResults = 0 }) => resources.length > 0 || totalResults > 0,
      ),
  }
}

function readsOn(store: Store): Reads {
  const reader = readerOf(store)
  return { read: reader.read, query: pageQueries(store, reader) }
}
