import { connectionIn } from '../records/read-records.js'
import { checkedId, type InTenant, type Lifecycle } from './change-connection.js'
import { checkedTenant, invalid } from './check-values.js'
import { type Connection, connectionView } from './views.js'

/** Which connections a list has. */
export interface ListSettings extends InTenant {
  /** `next` of the page before. */
  readonly after?: string | undefined
  /** Connections of a page at most: 1 to 1,000. Default 100. */
  readonly count?: number | undefined
}

/** A page of connections, ordered by id. */
export interface ConnectionPage {
  readonly connections: readonly Connection[]
  /** Passed as `after` for the next page; undefined on the last page. */
  readonly next: string | undefined
}

/** A page of connections, of one tenant or of all. A record that is not valid is left out. */
export async function listConnections({ store }: Lifecycle, settings: ListSettings): Promise<ConnectionPage> {
  const { tenant, after, count = 100 } = settings
  if (!Number.isInteger(count) || count < 1 || count > 1000)
    throw invalid('count must be a whole number from 1 to 1000.')
  const stored = await store.list({
    kind: 'connection',
    count,
    ...(tenant !== undefined && { tenant: checkedTenant(tenant) }),
    ...(after !== undefined && { after: checkedId(after) }),
  })
  const connections = stored.flatMap((one) => {
    const read = connectionIn(one)
    return read === undefined ? [] : [connectionView(read.record)]
  })
  return { connections, next: stored.length < count ? undefined : stored.at(-1)?.id }
}
