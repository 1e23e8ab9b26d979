/** Finds the resources that may satisfy a condition through an index, and how many they are. */
import type { RawBuilder } from 'kysely'
import { sql } from 'kysely'
import type { Statement } from '../../driver/driver.js'
import { compilable } from '../../statement/compilable.js'
import { passing, slotNamed } from '../../statement/template.js'
import { unionAll } from '../../statement/union-all.js'
import type { Candidates, KeyRange } from '../filter/candidates.js'
import type { Search } from './search.js'

// So many candidates are few: reading them costs one or two portions.
const few = 1_000
// How many parts of an `and` are checked for few candidates, the most selective first.
const mostAsked = 4

/**
 * The rows of the candidates, in base order; undefined if it is better to read every resource of the type. Throws 400 tooMany and
 * a StoreFailure.
 */
export async function rowsOfCandidates(search: Search, candidates: Candidates): Promise<readonly number[] | undefined> {
  const choices = candidates.kind === 'one' ? flat(candidates) : [candidates]
  const ranked = [...choices].sort((left, right) => rankOf(left) - rankOf(right)).slice(0, mostAsked)
  for (const choice of ranked) {
    const rows = await fewRows(search, choice)
    if (rows !== undefined) return rows
  }
  for (const choice of ranked) {
    if (choice.kind === 'set') return search.sets.rows(choice.name)
    if (choice.kind === 'keys') return allOfKeys(search, choice.keys)
  }
  return undefined
}

function flat(candidates: Candidates): readonly Candidates[] {
  return candidates.kind === 'one' ? candidates.of.flatMap(flat) : [candidates]
}

// A lower rank means fewer expected rows.
function rankOf(candidates: Candidates): number {
  switch (candidates.kind) {
    case 'few':
      return 0
    case 'keys':
      return candidates.isUnique ? 1 : 3
    case 'values':
      return candidates.most === undefined ? 3 : 1
    case 'set':
      return 2
    case 'any':
      return 4 + Math.max(...candidates.of.map(rankOf))
    case 'one':
      return Math.min(...candidates.of.map(rankOf))
  }
}

/** All rows, if they are few; with one statement, or on D1 with one for every few selects. */
async function fewRows(search: Search, candidates: Candidates): Promise<readonly number[] | undefined> {
  const selects: RawBuilder<unknown>[] = []
  const found: number[] = []
  if (!gather(search, candidates, selects, found)) return undefined
  const most = few + valuesIn(candidates)
  // A select has at most 6 parameters.
  const atOnce = Math.max(1, Math.floor((search.store.driver.maxParameters - 16) / 6))
  for (let start = 0; start < selects.length; start += atOnce) {
    const statement = firstRows(search, selects.slice(start, start + atOnce), most + 1)
    const rows = await search.turn(() => search.ask(statement))
    for (const { row_id } of rows) found.push(Number(row_id))
    if (rows.length > most || found.length > most * 4) return undefined
  }
  return inOrder(found)
}

// For unique values there are at most as many rows as values, and the client requested that many values.
function valuesIn(candidates: Candidates): number {
  switch (candidates.kind) {
    case 'values':
      return candidates.most ?? 0
    case 'any':
      return candidates.of.reduce((sum, part) => sum + valuesIn(part), 0)
    case 'one':
      return Math.max(...candidates.of.map(valuesIn))
    case 'few':
    case 'keys':
    case 'set':
      return 0
  }
}

// False if the rows are certainly not few.
function gather(search: Search, candidates: Candidates, selects: RawBuilder<unknown>[], found: number[]): boolean {
  switch (candidates.kind) {
    case 'few':
    case 'values':
      selects.push(...candidates.selects)
      return true
    case 'keys':
      selects.push(sql`select k.row_id from scim_keys as k where ${candidates.keys.range}`)
      return true
    case 'set': {
      const rows = search.sets.rows(candidates.name)
      if (rows.length > few) return false
      found.push(...rows)
      return true
    }
    case 'any':
      return candidates.of.every((part) => gather(search, part, selects, found))
    case 'one': {
      const [best] = [...flat(candidates)].sort((left, right) => rankOf(left) - rankOf(right))
      return best !== undefined && gather(search, best, selects, found)
    }
  }
}

function firstRows({ store, scope }: Search, selects: readonly RawBuilder<unknown>[], most: number): Statement {
  const guard = scope.guard()
  const limit = guard.limit(sql.lit(most))
  const statement = sql`select row_id from (${unionAll(selects)}) as found where 1 = 1${guard.and} limit ${limit}`
  return passing(compilable(store.dialect, statement))({})
}

/** All rows of a range, in portions. */
async function allOfKeys(search: Search, { after, from, order }: KeyRange): Promise<readonly number[]> {
  const { store, scope } = search
  const guard = scope.guard()
  const limit = guard.limit(slotNamed<number>('limit'))
  const statement = passing<{ fold: string; row: number; limit: number }>(
    compilable(
      store.dialect,
      sql`select k.row_id, k.fold from scim_keys as k where ${after}${guard.and} order by ${order} limit ${limit}`,
    ),
  )
  const found: number[] = []
  const pace = search.pace({ cost: 1 })
  for (let at = { fold: from, row: -1 }; ; ) {
    const rows = await pace.portion(async (size) => {
      const portion = await search.ask(statement({ ...at, limit: size }))
      return { rows: portion.length, isLast: portion.length < size, result: portion }
    })
    search.budget.spend(rows.result.length)
    for (const { row_id } of rows.result) found.push(Number(row_id))
    const last = rows.result.at(-1)
    if (last === undefined || rows.isLast) return inOrder(found)
    at = { fold: String(last.fold), row: Number(last.row_id) }
  }
}

function inOrder(rows: readonly number[]): readonly number[] {
  return Array.from(Float64Array.from(new Set(rows)).sort())
}
