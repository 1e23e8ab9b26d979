/**
 * Rebuilds the keys of all resources when the indexed attributes have changed, in portions. Each portion is one unit: if the note
 * is unchanged, it deletes the keys of the portion, inserts the new ones, and updates the note with its progress. So a run may be
 * interrupted anywhere, run in several processes at once, and continued by any process.
 *
 * The note replaces the signature that every write compares: while keys are rebuilt, no process writes documents or keys (in D1,
 * which has no lock, only this keeps the keys correct). Resources may be removed meanwhile, which also removes them from the
 * portion.
 */
import type { JsonObject } from '@scimkit/core/json'
import type { UniqueKey } from '@scimkit/core/provider'
import { sql } from 'kysely'
import type { JsonColumnType } from '../dialect/dialect.js'
import type { Row, RunStatements } from '../driver/driver.js'
import { StoreFailure } from '../driver/store-failure.js'
import { heldKeys } from '../keys/kept-unique-keys.js'
import { indexedAs, type KeyValues, keysOfResource, keysTable } from '../keys/key-insert.js'
import { keyColumns, keyRows } from '../keys/key-rows.js'
import { jsonPortions, portionCharacters } from '../statement/json-portions.js'
import { template } from '../statement/template.js'
import type { Store } from '../store/store.js'
import { ownMeta, stateIn, swapMeta } from './meta.js'
import { notedIn, noteOf } from './reindex-note.js'

// Most resources in one portion; fewer if their keys are long.
const mostResources = 100
// Greater than all row numbers.
const end = Number.MAX_SAFE_INTEGER

const portionColumns: Readonly<Record<string, JsonColumnType>> = { row_id: 'integer', ...keyColumns }

interface PortionRow extends KeyValues {
  readonly row_id: number
}

/** Resources whose keys are rebuilt in one unit: those after `after`, up to `last`. */
interface Portion {
  readonly after: number
  readonly last: number
  readonly resources: number
  /** The keys, as JSON texts of arrays of arrays, each short enough for one parameter. */
  readonly rows: readonly string[]
}

/**
 * Rebuilds all keys unless they are current; returns the number of resources that this call has done. Throws a
 * {@link StoreFailure} if another process rebuilds the keys for other attributes at the same time.
 */
export async function reindex(
  run: RunStatements,
  store: Store,
  progress: (resources: number) => unknown,
): Promise<number> {
  const { signature } = store.indexes
  const { readPortion, putPortion } = portions(run, store)
  let { indexes } = stateIn(await run(ownMeta(store)))
  let hasBegun = false
  let done = 0
  while (indexes !== signature) {
    const note = notedIn(indexes)
    if (note?.signature !== signature) {
      // Two processes that replace each other's note would never finish.
      if (hasBegun) throw new StoreFailure('another process rebuilds the keys for other attributes', 'nothingWritten')
      indexes = await swap(indexes, noteOf({ signature, after: 0, by: runId() }))
    } else {
      const portion = await readPortion(note.after)
      const next = portion.last === end ? signature : noteOf({ ...note, after: portion.last })
      indexes = await putPortion(portion, String(indexes), next)
      if (indexes === next) done += portion.resources
      if (indexes === next && portion.resources > 0) await progress(done)
    }
    hasBegun = true
  }
  return done

  async function swap(expected: string | undefined, value: string): Promise<string | undefined> {
    return stateIn(await run(swapMeta(store, 'indexes', expected, value), ownMeta(store))).indexes
  }
}

// Identifies this run, so that a late statement of another run is not accepted as a part of it.
function runId(): string {
  return Math.random().toString(36).slice(2)
}

function portions(run: RunStatements, store: Store) {
  const { builder: db, jsonRows } = store.dialect
  const nextResources = template<{ after: number }>((slot) =>
    db
      .selectFrom('scim_resources')
      .select(['row_id', 'type', 'doc'])
      .where('row_id', '>', slot('after'))
      .orderBy('row_id')
      .limit(sql.lit(mostResources)),
  )
  const uniqueKeys = template<{ after: number; last: number }>((slot) =>
    db
      .selectFrom('scim_keys')
      .select(['row_id', 'path', 'unique_key'])
      .where('row_id', '>', slot('after'))
      .where('row_id', '<=', slot('last'))
      .where('unique_key', 'is not', null),
  )
  // By row number, not by resource: so keys without a resource are deleted too.
  const forget = template<{ after: number; last: number; noted: string }>((slot) =>
    db
      .deleteFrom('scim_keys')
      .where('row_id', '>', slot('after'))
      .where('row_id', '<=', slot('last'))
      .where(({ exists }) => exists(indexedAs(store.dialect, slot('noted')))),
  )
  const insert = template<{ after: number; last: number; noted: string; rows: string }>((slot) =>
    db
      .insertInto('scim_keys')
      .columns(keysTable)
      .expression(
        db
          .selectFrom(['scim_resources as r', sql<PortionRow>`${jsonRows(slot('rows'), portionColumns)}`.as('j')])
          .select(keysOfResource)
          .whereRef('r.row_id', '=', 'j.row_id')
          // Without statistics PostgreSQL would read the whole table for the join.
          .where('r.row_id', '>', slot('after'))
          .where('r.row_id', '<=', slot('last'))
          .where(({ exists }) => exists(indexedAs(store.dialect, slot('noted')))),
      ),
  )

  return {
    async readPortion(after: number): Promise<Portion> {
      const resources = await run(nextResources({ after }))
      const unique = uniqueByRow(await run(uniqueKeys({ after, last: Number(resources.at(-1)?.row_id ?? after) })))
      const rows: unknown[] = []
      let characters = 0
      let taken = 0
      for (const { row_id, type, doc } of resources) {
        const row = Number(row_id)
        const document = JSON.parse(String(doc)) as JsonObject
        const held = heldKeys(document, unique.get(row) ?? [])
        const keys = keyRows(document, store.indexes.pathsOf(String(type)), held)
        const { length } = JSON.stringify(keys)
        if (taken > 0 && characters + length > portionCharacters) break
        for (const key of keys) rows.push([row, ...key])
        characters += length
        taken += 1
      }
      const isLast = taken === resources.length && taken < mostResources
      const last = isLast ? end : Number(resources[taken - 1]?.row_id)
      return { after, last, resources: taken, rows: [...jsonPortions(rows, Number.POSITIVE_INFINITY, (row) => row)] }
    },

    /** Writes the keys and the note `next` if the note is still `noted`; returns the note afterwards. */
    async putPortion({ after, last, rows }: Portion, noted: string, next: string): Promise<string | undefined> {
      const unit = [
        forget({ after, last, noted }),
        ...rows.map((some) => insert({ after, last, noted, rows: some })),
        swapMeta(store, 'indexes', noted, next),
        ownMeta(store),
      ]
      return stateIn(await run(...unit)).indexes
    },
  }
}

function uniqueByRow(rows: readonly Row[]): ReadonlyMap<number, readonly UniqueKey[]> {
  const byRow = new Map<number, UniqueKey[]>()
  for (const { row_id, path, unique_key } of rows) {
    const keys = byRow.get(Number(row_id)) ?? []
    keys.push({ attribute: String(path), key: String(unique_key) })
    byRow.set(Number(row_id), keys)
  }
  return byRow
}
