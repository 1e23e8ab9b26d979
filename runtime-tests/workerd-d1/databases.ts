import type { D1Database } from '@scimkit/sql-provider/d1'
import { setups } from '../setups.js'

/** The D1 databases of the Worker, by the names of their bindings: one for each setup, and some for single cases. */
export const databases = [
  ...setups,
  'provider',
  'together',
  'members',
  'counted',
  'goneAtFirst',
  'goneWhileWriting',
  'hungUp',
  'hungUpImported',
  'hungUpAlone',
  'reindexed',
  'reindexedInParts',
  'migrated',
  'migratedByFile',
  'questioned',
  'questionedIndexed',
  'wrapped',
] as const

/** The bindings that a Worker receives with each request: its databases, and the other isolate. */
export type Env = Readonly<Record<(typeof databases)[number], D1Database>> & {
  readonly other: { fetch(request: Request, how: { readonly signal: AbortSignal }): Promise<Response> }
}
