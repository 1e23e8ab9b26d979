import type { RecordChange, RecordInsert, RecordReplace } from '@scimkit/core/provider'
import { ensure, ensureSame } from '../provider-contract/assert.js'
import {
  insertOf,
  type RecordCase,
  type RecordRig,
  recordAt,
  recordCase,
  removalOf,
  replaceOf,
  statesOf,
  written,
} from './record-case.js'

const concurrent = 64

export const recordWriteCases: readonly RecordCase[] = [
  recordCase('record-round-trip', 'a record is returned as it was inserted, with revision 1', async (rig) => {
    const { store, kind, tenant } = rig
    const value = JSON.stringify({ text: 'ü 😀 "\\ \n', number: 1.5, list: [null, true] })
    await written(store, insertOf(rig, 'a', { value, expires: 4_102_444_800_000 }), insertOf(rig, 'b'))
    const stored = { kind, id: 'a', tenant, revision: 1, expires: 4_102_444_800_000, value }
    ensureSame(await recordAt(store, { kind, id: 'a' }), stored, 'the record')
    ensureSame((await recordAt(store, { kind, id: 'b' }))?.expires, undefined, 'expires of a record that stays')
    ensureSame(await recordAt(store, { kind, id: 'c' }), undefined, 'a record that was not inserted')
  }),

  recordCase('record-replace', 'a replacement changes value and expiry, and adds 1 to the revision', async (rig) => {
    const { store, kind, tenant } = rig
    await written(store, insertOf(rig, 'a', { expires: 4_102_444_800_000 }))
    await written(store, replaceOf(rig, 'a', 1, { value: '2' }))
    const stored = { kind, id: 'a', tenant, revision: 2, value: '2' }
    const { expires, ...seen } = (await recordAt(store, { kind, id: 'a' })) ?? {}
    ensureSame(seen, stored, 'the record')
    ensureSame(expires, undefined, 'expires after a replacement without it')
    await written(store, replaceOf(rig, 'a', 2, { value: '3', expires: 5 }))
    ensureSame((await recordAt(store, { kind, id: 'a' }))?.expires, 5, 'expires after a replacement with it')
  }),

  recordCase('record-insert-taken', 'an insert of an existing key is a conflict and changes nothing', async (rig) => {
    const { store, kind } = rig
    await written(store, insertOf(rig, 'a', { value: '"first"' }))
    ensureSame(await store.write([insertOf(rig, 'a', { value: '"second"' })]), 'conflict', 'the second insert')
    const other = insertOf(rig, 'a', { tenant: rig.tenant2 })
    ensureSame(await store.write([other]), 'conflict', 'an insert of the key for another tenant')
    ensureSame((await recordAt(store, { kind, id: 'a' }))?.value, '"first"', 'the value')
  }),

  recordCase('record-revision', 'a change with another revision than the stored one is a conflict', async (rig) => {
    const { store } = rig
    await written(store, insertOf(rig, 'a'))
    await written(store, replaceOf(rig, 'a', 1, { value: '2' }))
    for (const expected of [1, 3]) {
      ensureSame(
        await store.write([replaceOf(rig, 'a', expected)]),
        'conflict',
        `a replacement of revision ${expected}`,
      )
      ensureSame(await store.write([removalOf(rig, 'a', expected)]), 'conflict', `a removal of revision ${expected}`)
    }
    ensureSame(await store.write([replaceOf(rig, 'b', 1)]), 'conflict', 'a replacement of a missing record')
    ensureSame(await store.write([removalOf(rig, 'b', 1)]), 'conflict', 'a removal of a missing record')
    ensureSame(await statesOf(rig), ['a:2:2'], 'the records')
    await written(store, removalOf(rig, 'a', 2))
    ensureSame(await statesOf(rig), [], 'the records after the removal')
    await written(store, insertOf(rig, 'a'))
    ensureSame(await statesOf(rig), ['a:1:{}'], 'a record that is inserted again')
  }),

  ...[0, 2, 4].map((place) =>
    recordCase(
      `record-unit-conflict-${place + 1}`,
      `a unit of 5 changes whose change ${place + 1} is a conflict changes nothing`,
      async (rig) => {
        const { store } = rig
        await written(store, insertOf(rig, 'replaced'), insertOf(rig, 'removed'), insertOf(rig, 'taken'))
        const before = await statesOf(rig)
        const fine: readonly RecordChange[] = [
          insertOf(rig, 'a'),
          replaceOf(rig, 'replaced', 1, { value: '2' }),
          removalOf(rig, 'removed', 1),
          insertOf(rig, 'z'),
        ]
        const conflicts = [insertOf(rig, 'taken'), replaceOf(rig, 'missing', 1), removalOf(rig, 'taken', 2)]
        for (const conflict of conflicts) {
          const unit = [...fine.slice(0, place), conflict, ...fine.slice(place)]
          ensureSame(await store.write(unit), 'conflict', `a unit with a conflict (${conflict.change})`)
          ensureSame(await statesOf(rig), before, 'the records after the conflict')
        }
        await written(store, ...fine)
        ensureSame(await statesOf(rig), ['a:1:{}', 'replaced:2:2', 'taken:1:{}', 'z:1:{}'], 'the records of the unit')
      },
    ),
  ),

  recordCase('record-unit-50', 'a unit may have 50 changes', async (rig) => {
    const ids = Array.from({ length: 50 }, (_, number) => `id-${number}`)
    await written(rig.store, ...ids.map((id) => insertOf(rig, id)))
    await written(rig.store, ...ids.map((id) => replaceOf(rig, id, 1)))
    ensureSame((await statesOf(rig)).length, 50, 'the number of records')
  }),

  recordCase('record-insert-race', `of ${concurrent} concurrent inserts of one key, one is written`, async (rig) => {
    for (let round = 0; round < rig.rounds; round++) await oneWins(rig, `a${round}`, (id) => insertOf(rig, id))
  }),

  recordCase('record-replace-race', `of ${concurrent} concurrent replacements, one is written`, async (rig) => {
    for (let round = 0; round < rig.rounds; round++) {
      await written(rig.store, insertOf(rig, `a${round}`))
      await oneWins(rig, `a${round}`, (id) => replaceOf(rig, id, 1))
    }
  }),

  recordCase(
    'record-unit-race',
    'of concurrent units about the same two records, none is mixed with another',
    async (rig) => {
      for (let round = 0; round < rig.rounds; round++) {
        const [one, two] = [`one${round}`, `two${round}`]
        await written(rig.store, insertOf(rig, one), insertOf(rig, two))
        const ends = await Promise.all(
          Array.from({ length: 16 }, async (_, number) => {
            const ids = number % 2 === 0 ? [one, two] : [two, one]
            return storeOf(rig, number).write(ids.map((id) => replaceOf(rig, id, 1, { value: String(number) })))
          }),
        )
        ensureSame(ends.filter((end) => end === 'written').length, 1, 'the number of written units')
        const winner = String(ends.indexOf('written'))
        for (const id of [one, two]) {
          ensureSame((await recordAt(rig.store, { kind: rig.kind, id }))?.value, winner, `the value of ${id}`)
        }
      }
    },
  ),

  recordCase('record-counter', 'concurrent writers that retry after each conflict lose no change', async (rig) => {
    const { kind } = rig
    await written(rig.store, insertOf(rig, 'counter', { value: '0' }))
    await Promise.all(
      Array.from({ length: 8 }, async (_, number) => {
        const store = storeOf(rig, number)
        for (let added = 0; added < 5; ) {
          const stored = await recordAt(store, { kind, id: 'counter' })
          ensure(stored !== undefined, 'the counter: expected a record, saw none')
          const change = replaceOf(rig, 'counter', stored.revision, { value: String(Number(stored.value) + 1) })
          if ((await store.write([change])) === 'written') added += 1
        }
      }),
    )
    const { revision, value } = (await recordAt(rig.store, { kind, id: 'counter' })) ?? {}
    ensureSame({ revision, value }, { revision: 41, value: '40' }, 'the counter')
  }),
]

const storeOf = ({ store, other }: RecordRig, number: number) => (number % 2 === 0 ? store : other)

/** Exactly one of many concurrent changes of one record is written, and its value is stored. */
async function oneWins(
  rig: RecordRig,
  id: string,
  changeOf: (id: string) => RecordInsert | RecordReplace,
): Promise<void> {
  const ends = await Promise.all(
    Array.from({ length: concurrent }, async (_, number) =>
      storeOf(rig, number).write([{ ...changeOf(id), value: String(number) }]),
    ),
  )
  ensureSame(ends.filter((end) => end === 'written').length, 1, 'the number of written changes')
  const stored = await recordAt(rig.store, { kind: rig.kind, id })
  ensureSame(stored?.value, String(ends.indexOf('written')), 'the value')
}
