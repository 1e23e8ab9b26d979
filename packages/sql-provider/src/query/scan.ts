/**
 * What SQL cannot say, the core evaluates: over rows in chunks, one document at a time. Of those that match only the row
 * and the sort key are kept.
 */
import {
  attributesOf,
  type CompareKey,
  fullPath,
  heldBy,
  matcherOf,
  membersAsked,
  type Query,
  type ScimContext,
  scimError,
  sortKeyOf,
} from '@scimkit/core'
import type { Row } from '../driver/driver.js'
import type { Reader } from '../reading/reader.js'
import { storedOf } from '../reading/rows.js'
import type { Store } from '../store.js'
import { unindexed } from './compile-filter.js'
import type { PageStatements } from './page-statements.js'
import type { Scope } from './scope.js'
import { askedBy, viewOf } from './view.js'
import { type Part, withMembers } from './with-members.js'
import { weightsOf, withDocs } from './within-bytes.js'

/** A resource that matches. */
export interface Match {
  readonly row: number
  readonly version: string
  readonly key: CompareKey | undefined
}

const chunkSize = 500
const chunkBytes = 4_194_304

/**
 * All that match, in base order; without sort, no more than `enough` after the row `after`. Throws 400 tooMany once it
 * would have to look at more resources, and members of them, than the store allows.
 */
export async function scan(
  store: Store,
  reader: Reader,
  scope: Scope,
  statements: PageStatements,
  query: Pick<Query, 'filter' | 'sort'>,
  context: ScimContext,
  from: { readonly after: number; readonly enough: number },
): Promise<readonly Match[]> {
  const { filter, sort } = query
  const holds = filter === undefined ? undefined : matcherOf(filter)
  const asked = askedBy(query)
  const need = membersAsked(query, true)
  const parts = (rows: readonly Row[]): AsyncIterable<Part> | readonly Part[] =>
    asked.members
      ? withMembers(store, reader, scope.tenant, rows, need === 'none' ? 'all' : need)
      : [{ rows, members: new Map(), read: 0 }]
  const matches: Match[] = []
  let looked = 0
  let hasBegun = false
  for (let after = from.after; ; ) {
    const { rows, next } = await nextChunk(store, reader, statements, after)
    looked += rows.length
    if (looked > store.scanLimit) throw tooMany(scope, query, store.scanLimit)
    const derived = asked.derived ? await reader.derivedOf(rows, scope.tenant) : undefined
    for await (const part of parts(rows)) {
      if (hasBegun) await breath()
      hasBegun = true
      if (context.signal?.aborted === true) throw scimError.unavailable('The client has gone.')
      looked += part.read
      if (looked > store.scanLimit) throw tooMany(scope, query, store.scanLimit)
      for (const row of part.rows) {
        const number = Number(row.row_id)
        const members = asked.members ? (part.members.get(number) ?? []) : undefined
        const view = viewOf(storedOf(row), members, derived?.get(number), asked)
        if (holds !== undefined && !holds(view)) continue
        const key = sort === undefined ? undefined : sortKeyOf(sort.path, view)
        matches.push({ row: number, version: String(row.version), key })
        if (sort === undefined && matches.length >= from.enough) return matches
      }
    }
    if (next === undefined) return matches
    after = next
  }
}

// Rows may have long documents: of those, a chunk holds no more than so many bytes.
async function nextChunk(
  store: Store,
  reader: Reader,
  statements: PageStatements,
  row: number,
): Promise<{ readonly rows: readonly Row[]; readonly next: number | undefined }> {
  const docBytes = Math.floor(chunkBytes / chunkSize)
  const slice = { limit: chunkSize, after: { row }, docBytes }
  const [found = []] = await store.driver.read([statements.rows({ kind: 'base' }, slice)])
  const held = found.slice(0, heldBy(chunkBytes, weightsOf(found)))
  const rows = await withDocs(reader, undefined, held, true)
  const isLast = held.length === found.length && found.length < chunkSize
  return { rows: rows === 'changed' ? [] : rows, next: isLast ? undefined : Number(held.at(-1)?.row_id) }
}

function tooMany(scope: Scope, { filter, sort }: Pick<Query, 'filter' | 'sort'>, limit: number): Error {
  const paths = new Set<string>()
  if (filter !== undefined) for (const path of attributesOf(filter)) paths.add(path)
  if (sort !== undefined) paths.add(fullPath(sort.path))
  const named = unindexed(scope, paths)
  const members = [...paths].some((path) => path === 'members' || path.startsWith('members.')) ? ' and members' : ''
  const remedy = named.length === 0 ? '' : `, or have the provider's \`indexes\` name ${named.join(', ')}`
  return scimError.tooMany(
    `More than ${limit} resources${members} would have to be looked at one by one. Ask for an attribute that is indexed${remedy}.`,
  )
}

// An embedded database answers without waiting: without a pause nobody else would be served while it is asked.
function breath(): Promise<void> {
  return new Promise((resume) => setTimeout(resume, 0))
}
