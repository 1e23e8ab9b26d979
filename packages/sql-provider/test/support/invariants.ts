/** The invariants of a database after any failures of the processes that wrote it. */
import { type JsonObject, rawVersion } from '@scimkit/core'
import { generationOf } from '@scimkit/core/provider'
import type { Driver, Row } from '../../src/driver/driver.js'
import { type Indexes, indexesFrom } from '../../src/keys/indexes.js'
import { keyRows } from '../../src/keys/key-rows.js'

/** A description of every violated invariant; the list should be empty. `indexes` are those of the database. */
export async function brokenInvariants(driver: Driver, indexes: Indexes = indexesFrom()): Promise<readonly string[]> {
  const [resources = [], keys = [], strayKeys = [], strayMembers = [], doubled = [], guard = []] = await driver.read(
    [
      'select row_id, type, id, version, generation, doc from scim_resources',
      'select row_id, path, sorts, kind, fold, exact, number, unique_key from scim_keys',
      'select k.row_id from scim_keys k left join scim_resources r on r.row_id = k.row_id where r.row_id is null',
      'select m.seq from scim_members m left join scim_resources r on r.row_id = m.group_row where r.row_id is null',
      'select tenant, type, path, unique_key from scim_keys where unique_key is not null group by tenant, type, path, unique_key having count(*) > 1',
      'select ok from scim_guard',
    ].map((sql) => ({ sql, parameters: [], lasting: false })),
  )
  const problems: string[] = []
  if (strayKeys.length > 0) problems.push(`${strayKeys.length} keys of no resource`)
  if (strayMembers.length > 0) problems.push(`${strayMembers.length} members of no group`)
  if (doubled.length > 0) problems.push(`${doubled.length} unique keys of two resources`)
  if (guard.length > 0) problems.push('scim_guard is not empty')

  const keysOf = new Map<number, string[]>()
  for (const row of keys) {
    const list = keysOf.get(Number(row.row_id)) ?? []
    list.push(keyText(row))
    keysOf.set(Number(row.row_id), list)
  }
  const { pathsOf } = indexes
  for (const { row_id, type, id, version, generation, doc } of resources) {
    const document = JSON.parse(String(doc)) as JsonObject
    if (document.id !== id) problems.push(`${id}: the document says it is ${String(document.id)}`)
    if ((generationOf(rawVersion(String(version))) ?? null) !== generation) {
      problems.push(`${id}: version ${version}, generation ${generation}`)
    }
    const held = (keysOf.get(Number(row_id)) ?? []).sort()
    const unique = keys
      .filter((row) => row.row_id === row_id && row.unique_key !== null)
      .map((row) => ({ attribute: String(row.path), key: String(row.unique_key) }))
    const due = keyRows(document, pathsOf(String(type)), unique).map((row) => JSON.stringify(row))
    if (JSON.stringify(held) !== JSON.stringify(due.sort())) problems.push(`${id}: keys ${held} for ${doc}`)
  }
  return problems
}

function keyText({ path, sorts, kind, fold, exact, number, unique_key }: Row): string {
  return JSON.stringify([path, sorts, kind, fold, exact, number, unique_key])
}

/** How many members have an id that no resource of their tenant has: 0 if unknown members are rejected. */
export async function membersOfNobody(driver: Driver): Promise<number> {
  const sql =
    'select m.seq from scim_members m left join scim_resources r on r.tenant = m.tenant and r.id = m.member_id where r.row_id is null'
  const [rows = []] = await driver.read([{ sql, parameters: [], lasting: false }])
  return rows.length
}
