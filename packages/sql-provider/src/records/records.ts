import {
  checkedRecords,
  compareCodePoints,
  type RecordChange,
  type RecordStore,
  type StoredRecord,
} from '@scimkit/core/provider'
import type { Row, Step } from '../driver/driver.js'
import { decisiveStep, returningStep } from '../statement/template.js'
import type { Guarded } from '../store/guarded.js'
import type { Store } from '../store/store.js'
import { recordStatements } from './statements.js'

/** The records of a database, in `scim_records`. A unit is one unit of the driver, whose steps must all change a row. */
export function recordsIn({ dialect, driver }: Store, guarded: Guarded): RecordStore {
  const statements = () => recordStatements(dialect)

  function stepOf(change: RecordChange): Step {
    const { insert, replace, remove } = statements()
    const { kind, id } = change
    switch (change.change) {
      case 'insert':
        return decisiveStep(insert({ kind, id, tenant: change.tenant, ...contentOf(change) }))
      case 'replace':
        return decisiveStep(replace({ kind, id, expected: change.expected, ...contentOf(change) }))
      case 'remove':
        return decisiveStep(remove({ kind, id, expected: change.expected }))
    }
  }

  return checkedRecords({
    read: (keys) =>
      guarded(async () => {
        if (keys.length === 0) return []
        const pairs = new Map(keys.map(({ kind, id }) => [`${kind} ${id}`, [kind, id]]))
        const [rows = []] = await driver.read([statements().read({ keys: JSON.stringify([...pairs.values()]) })])
        return rows.map(recordOf)
      }),
    list: ({ kind, tenant, after = '', count }) =>
      guarded(async () => {
        const { list, listOfTenant } = statements()
        const values = { kind, after, count }
        const [rows = []] = await driver.read([
          tenant === undefined ? list(values) : listOfTenant({ ...values, tenant }),
        ])
        return rows.map(recordOf)
      }),
    write: (changes) =>
      guarded(async () => {
        // In one order for all units: units that lock the same rows in different orders would wait for each other.
        const ordered = [...changes].sort(
          (left, right) => compareCodePoints(left.kind, right.kind) || compareCodePoints(left.id, right.id),
        )
        return (await driver.write(ordered.map(stepOf))) === 'written' ? 'written' : 'conflict'
      }),
    removeExpired: (now, count) =>
      guarded(async () => {
        let removed = 0
        await driver.write([
          returningStep(statements().removeExpired({ now, count }), (rows) => {
            removed = rows.length
          }),
        ])
        return removed
      }),
  })
}

function contentOf({ expires, value }: { readonly expires?: number | undefined; readonly value: string }) {
  return { expires: expires ?? null, value }
}

function recordOf({ kind, id, tenant, revision, expires, value }: Row): StoredRecord {
  return {
    kind: String(kind),
    id: String(id),
    tenant: String(tenant),
    revision: Number(revision),
    expires: expires === null || expires === undefined ? undefined : Number(expires),
    value: String(value),
  }
}
