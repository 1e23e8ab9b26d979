import type { RecordStore } from '@scimkit/core/provider'
import { ensureSame, ensureSameSet } from '../provider-contract/assert.js'
import { insertOf, type RecordCase, recordAt, recordCase, removalOf, replaceOf, written } from './record-case.js'

const addressed = ({ kind, id }: { readonly kind: string; readonly id: string }): string => `${kind} ${id}`
const idsOf = (records: readonly { readonly id: string }[]): readonly string[] => records.map(({ id }) => id)

export const recordReadCases: readonly RecordCase[] = [
  recordCase('record-read-many', 'a read returns each record once, and leaves missing keys out', async (rig) => {
    const { store, kind, kind2 } = rig
    await written(store, insertOf(rig, 'a'), insertOf(rig, 'b'), insertOf(rig, 'a', { kind: kind2 }))
    const keys = [
      { kind, id: 'a' },
      { kind: kind2, id: 'a' },
      { kind: kind2, id: 'b' },
      { kind, id: 'a' },
      { kind, id: 'b' },
    ]
    ensureSameSet((await store.read(keys)).map(addressed), [`${kind} a`, `${kind} b`, `${kind2} a`], 'the records')
    ensureSame(await store.read([]), [], 'the records of no keys')
    const hundred = Array.from({ length: 100 }, (_, number) => ({ kind, id: `${number}` }))
    ensureSame(await store.read(hundred), [], 'the records of 100 missing keys')
  }),

  recordCase('record-kinds', 'kinds, tenants and ids with separators are not confused', async (rig) => {
    const { store, kind, kind2, tenant, tenant2 } = rig
    const ids = ['a', 'a/b', 'a:b', 'a|b', 'a.b', 'a,b', "a'b", 'a"b', 'a%b', 'a_b', 'a\\b', '[a', `${kind}/a`, '-a']
    await written(store, ...ids.map((id) => insertOf(rig, id, { value: JSON.stringify(id) })))
    await written(store, ...ids.map((id) => insertOf(rig, id, { kind: kind2, tenant: tenant2, value: '"2"' })))
    for (const id of ids) {
      ensureSame((await recordAt(store, { kind, id }))?.value, JSON.stringify(id), `the value of ${id}`)
      const second = await recordAt(store, { kind: kind2, id })
      ensureSame([second?.tenant, second?.value], [tenant2, '"2"'], `the record ${id} of the other kind`)
    }
    ensureSame(await store.list({ kind, tenant: tenant2, count: 10 }), [], 'the records of a tenant without any')
    await written(store, ...ids.map((id) => removalOf({ ...rig, kind: kind2 }, id, 1)))
    ensureSameSet(idsOf(await store.list({ kind, tenant, count: 100 })), ids, 'the records of the first kind')
    const moved = { ...replaceOf(rig, 'a', 1), tenant: tenant2 }
    await written(store, moved)
    ensureSame((await recordAt(store, { kind, id: 'a' }))?.tenant, tenant, 'the tenant after a replacement')
  }),

  recordCase('record-tenants', 'the tenant may be empty, and names of tenants are compared exactly', async (rig) => {
    const { store, kind } = rig
    const tenants = [
      '',
      rig.tenant,
      `${rig.tenant} `,
      rig.tenant.toUpperCase(),
      `${rig.tenant}é`,
      `${rig.tenant}e\u0301`,
    ]
    await written(store, ...tenants.map((tenant, number) => insertOf(rig, `id-${number}`, { tenant })))
    for (const [number, tenant] of tenants.entries()) {
      ensureSame(idsOf(await store.list({ kind, tenant, count: 10 })), [`id-${number}`], `the list of tenant ${tenant}`)
      ensureSame((await recordAt(store, { kind, id: `id-${number}` }))?.tenant, tenant, 'the tenant')
    }
    ensureSame((await store.list({ kind, count: 10 })).length, tenants.length, 'the list of all tenants')
  }),

  recordCase('record-order', 'lists are in the order of the code points of the ids', async (rig) => {
    const { store, kind } = rig
    const ids = ['!', '-', '0', '10', '9', 'A', 'B', 'Z', '_', 'a', 'a-', 'a0', 'aA', 'aa', 'b', 'z', '~']
    await written(store, ...[...ids].reverse().map((id) => insertOf(rig, id)))
    ensureSame(idsOf(await store.list({ kind, count: 100 })), ids, 'the list')
    for (const [number, after] of ids.entries()) {
      const seen = idsOf(await store.list({ kind, tenant: rig.tenant, after, count: 3 }))
      ensureSame(seen, ids.slice(number + 1, number + 4), `the list after ${after}`)
    }
    ensureSame(idsOf(await store.list({ kind, after: 'a.', count: 1 })), ['a0'], 'the list after an id that is missing')
  }),

  recordCase('record-1000', 'a list of 1,000 records is complete, in one page and in pages', async (rig) => {
    const { store, kind, tenant, tenant2 } = rig
    const ids = Array.from({ length: 1_000 }, (_, number) => `id-${String(number).padStart(4, '0')}`)
    for (let first = 0; first < ids.length; first += 50) {
      const unit = ids.slice(first, first + 50)
      await written(
        store,
        ...unit.map((id, number) => insertOf(rig, id, { tenant: number % 2 === 0 ? tenant : tenant2 })),
      )
    }
    ensureSame(idsOf(await store.list({ kind, count: 1_000 })), ids, 'the list')
    const own = ids.filter((_, number) => number % 2 === 0)
    ensureSame(await pagesOf(store, { kind, tenant }, 333), own, 'the pages of one tenant')
    ensureSame(await pagesOf(store, { kind }, 70), ids, 'the pages of all tenants')
  }),

  recordCase('record-64k', 'a value may have 65,536 characters', async (rig) => {
    const { store, kind } = rig
    for (const [id, character] of [
      ['a', 'a'],
      ['u', 'ü'],
      ['c', '中'],
    ] as const) {
      const value = `"${character.repeat(65_534)}"`
      await written(store, insertOf(rig, id, { value }))
      const seen = (await recordAt(store, { kind, id }))?.value
      ensureSame([seen?.length, seen === value], [65_536, true], `the value of ${character}`)
    }
  }),

  recordCase('record-expired', 'expired records are returned until removeExpired removes them', async (rig) => {
    const { store, kind } = rig
    // Before the times of other cases and of other users of the store.
    const [one, two, three] = [1, 2, 3]
    await written(
      store,
      insertOf(rig, 'later', { expires: three }),
      insertOf(rig, 'now', { expires: two }),
      insertOf(rig, 'past', { expires: one }),
      insertOf(rig, 'stays'),
    )
    ensureSame((await recordAt(store, { kind, id: 'past' }))?.expires, one, 'an expired record')
    ensureSame(await store.write([insertOf(rig, 'past')]), 'conflict', 'an insert of the key of an expired record')
    ensureSame(await store.removeExpired(two, 1), 1, 'the number of records removed with count 1')
    ensureSame(await store.removeExpired(two, 10), 1, 'the number of records removed after that')
    ensureSame(await store.removeExpired(two, 10), 0, 'the number of records removed a third time')
    ensureSame(idsOf(await store.list({ kind, count: 10 })), ['later', 'stays'], 'the records')
    await written(store, insertOf(rig, 'past'))
    await written(store, replaceOf(rig, 'later', 1))
    ensureSame(await store.removeExpired(three, 10), 0, 'the number removed after the expiry was removed')
  }),

  recordCase('record-two-stores', 'what one store has written, the next read of the other returns', async (rig) => {
    const { store, other, kind } = rig
    for (let round = 1; round <= 20; round++) {
      const [writer, reader] = round % 2 === 0 ? [store, other] : [other, store]
      const change = round === 1 ? insertOf(rig, 'a') : replaceOf(rig, 'a', round - 1)
      await written(writer, { ...change, value: String(round) })
      ensureSame((await recordAt(reader, { kind, id: 'a' }))?.value, String(round), 'the value')
      ensureSame((await reader.list({ kind, count: 1 }))[0]?.revision, round, 'the revision in a list')
    }
  }),
]

async function pagesOf(
  store: RecordStore,
  query: { readonly kind: string; readonly tenant?: string },
  count: number,
): Promise<readonly string[]> {
  const ids: string[] = []
  for (;;) {
    const after = ids.at(-1)
    const page = await store.list({ ...query, count, ...(after !== undefined && { after }) })
    ids.push(...idsOf(page))
    if (page.length < count) return ids
  }
}
