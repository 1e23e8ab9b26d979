import type { TenantRemoval, TenantRemovalOptions } from '@scimkit/core/provider'
import type { Row, Step } from '../driver/driver.js'
import { yieldToEventLoop } from '../driver/event-loop-yield.js'
import { factsPrefix } from '../facts/facts.js'
import { rowsText } from '../reading/rows.js'
import { prefixEnd } from '../statement/prefix-end.js'
import { returningStep, step } from '../statement/template.js'
import type { Guarded } from '../store/guarded.js'
import type { Store } from '../store/store.js'
import { removalStatements, rowsAtOnce } from './removal-statements.js'

type Counts = { -readonly [Name in keyof TenantRemoval]: number }

/**
 * Removes all rows of a tenant, a portion in each unit. A resource goes with its keys and its history; its members go
 * afterwards, because a group may have a hundred thousand: without their group they have no effect.
 */
export async function removeTenant(
  { dialect, driver }: Store,
  guarded: Guarded,
  tenant: string,
  { facts = [], progress = () => {} }: TenantRemovalOptions,
): Promise<TenantRemoval> {
  const statements = removalStatements(dialect)
  const removed: Counts = {
    resources: 0,
    members: 0,
    history: 0,
    outbox: 0,
    deliveries: 0,
    creationKeys: 0,
    records: 0,
    facts: 0,
  }

  /** Runs one unit. Its counts are those of the attempt that is committed. */
  async function unit(...counting: readonly (Step | readonly [keyof Counts, Step])[]): Promise<number> {
    const counts = new Map<keyof Counts, number>()
    const steps = counting.map((one) => {
      if (!isCounted(one)) return one
      const [name, counted] = one
      return returningStep(counted, (rows) => counts.set(name, countIn(rows)))
    })
    await guarded(async () => driver.write(steps))
    let all = 0
    for (const [name, count] of counts) {
      removed[name] += count
      all += count
    }
    if (all > 0) progress({ ...removed })
    await yieldToEventLoop()
    return all
  }
  const read = (...asked: Parameters<typeof driver.read>[0]) => guarded(async () => driver.read(asked))

  async function removeResources(last: number): Promise<void> {
    for (;;) {
      const [found = []] = await read(statements.someResources({ tenant, last }))
      if (found.length === 0) return
      const rows = rowsText(found.map(({ row_id }) => Number(row_id)))
      const hold = statements.holdResources?.({ rows })
      await unit(
        ...(hold === undefined ? [] : [step(hold)]),
        step(statements.deleteKeys({ rows })),
        ['history', step(statements.countHistory({ rows }))],
        step(statements.deleteHistory({ rows })),
        ['resources', step(statements.deleteResources({ rows }))],
      )
    }
  }

  async function removeOutbox(last: number): Promise<void> {
    for (let after = 0, count = rowsAtOnce; count === rowsAtOnce; ) {
      const [found = []] = await read(statements.someOutbox({ tenant, after, last }))
      count = found.length
      after = Number(found.at(-1)?.seq ?? after)
      const own = found.filter((row) => Number(row.own) === 1)
      if (own.length === 0) continue
      const rows = rowsText(own.map(({ seq }) => Number(seq)))
      const hold = statements.holdOutbox?.({ rows })
      await unit(
        ...(hold === undefined ? [] : [step(hold)]),
        ['deliveries', step(statements.deleteDeliveries({ rows }))],
        ['outbox', step(statements.deleteOutbox({ rows }))],
      )
    }
  }

  async function removeRecords(): Promise<void> {
    for (let kind = '', id = '', count = rowsAtOnce; count === rowsAtOnce; ) {
      const [found = []] = await read(statements.someRecords({ tenant, kind, id }))
      count = found.length
      for (const [own, ids] of byKind(found)) {
        const [first = '', last = ids.at(-1) ?? first] = [ids[0], ids.at(-1)]
        await unit(['records', step(statements.deleteRecords({ tenant, kind: own, first, last }))])
        kind = own
        id = last
      }
    }
  }

  // The credentials first, and again at the end: a use meanwhile has left a record.
  await removeRecords()
  const [[ends] = []] = await read(statements.ends({}))
  await removeResources(Number(ends?.resources ?? 0))
  while ((await unit(['members', step(statements.deleteMembers({ tenant }))])) > 0);
  const keys = { tenant, last: Number(ends?.keys ?? 0) }
  while ((await unit(['creationKeys', step(statements.deleteCreationKeys(keys))])) > 0);
  await removeOutbox(Number(ends?.outbox ?? 0))
  await removeRecords()
  for (const prefix of facts) {
    const first = factsPrefix + prefix
    const end = prefixEnd(first) ?? first
    while ((await unit(['facts', step(statements.deleteFacts({ first, end }))])) > 0);
  }
  return removed
}

function isCounted(one: Step | readonly [keyof Counts, Step]): one is readonly [keyof Counts, Step] {
  return Array.isArray(one)
}

/** The count that a statement returns, or the number of its rows. */
function countIn(rows: readonly Row[]): number {
  const count = rows[0]?.count
  return count === undefined ? rows.length : Number(count)
}

function byKind(rows: readonly Row[]): ReadonlyMap<string, readonly string[]> {
  const kinds = new Map<string, string[]>()
  for (const { kind, id } of rows) {
    const ids = kinds.get(String(kind)) ?? []
    ids.push(String(id))
    kinds.set(String(kind), ids)
  }
  return kinds
}
