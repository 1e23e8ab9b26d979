import type { RecordChange, RecordStore } from '@scimkit/core/provider'
import { ensureSame, violated } from '../provider-contract/assert.js'
import {
  insertOf,
  type RecordCase,
  type RecordRig,
  recordCase,
  removalOf,
  replaceOf,
  statesOf,
  written,
} from './record-case.js'

type Refused = readonly [what: string, call: (store: RecordStore) => unknown]

export const recordLimitCases: readonly RecordCase[] = [
  recordCase('record-limits', 'arguments outside the limits are a TypeError, and nothing is written', async (rig) => {
    await written(rig.store, insertOf(rig, 'stored'))
    for (const [what, call] of [...refusedWrites(rig), ...refusedReads(rig)]) await ensureTypeError(rig, what, call)
    ensureSame(await statesOf(rig), ['stored:1:{}'], 'the records')
  }),

  recordCase('record-largest', 'arguments at the limits are accepted', async (rig) => {
    const { store } = rig
    const id = '~'.repeat(200)
    const kind = `${rig.kind}${'k'.repeat(32 - rig.kind.length)}`
    const tenant = `${rig.tenant}${'中'.repeat(128 - rig.tenant.length)}`
    await written(store, insertOf(rig, id, { kind, tenant, expires: Number.MAX_SAFE_INTEGER }))
    const [stored] = await store.list({ kind, tenant, count: 1_000 })
    ensureSame([stored?.id, stored?.expires], [id, Number.MAX_SAFE_INTEGER], 'the record')
    ensureSame(await store.list({ kind, after: id, count: 1 }), [], 'the list after the last id')
  }),
]

function refusedWrites(rig: RecordRig): readonly Refused[] {
  const write = (what: string, ...changes: readonly RecordChange[]): Refused => [
    what,
    (store) => store.write([insertOf(rig, 'unit'), ...changes]),
  ]
  const many = Array.from({ length: 51 }, (_, number) => insertOf(rig, `id-${number}`))
  return [
    ...['', 'k'.repeat(33), 'a b', 'a_b', 'ä', 'a/b'].map((kind) =>
      write(`kind ${kind}`, insertOf(rig, 'a', { kind })),
    ),
    ...['', 'i'.repeat(201), 'a b', 'ä', 'a\n', '\u007f'].map((id) =>
      write(`id ${JSON.stringify(id)}`, insertOf(rig, id)),
    ),
    ...['t'.repeat(129), 'a\u0000', '\ud800'].map((tenant) => write(`tenant`, insertOf(rig, 'a', { tenant }))),
    ...['v'.repeat(65_537), '"\u0000"', '"\udc00"'].map((value) => write('value', insertOf(rig, 'a', { value }))),
    write('value of a replacement', replaceOf(rig, 'stored', 1, { value: 'v'.repeat(65_537) })),
    ...[-1, 0.5, Number.NaN].map((expires) => write(`expires ${expires}`, insertOf(rig, 'a', { expires }))),
    ...[0, -1, 1.5].map((expected) => write(`expected ${expected}`, replaceOf(rig, 'stored', expected))),
    write('expected of a removal', removalOf(rig, 'stored', 0)),
    write('one record twice', insertOf(rig, 'unit')),
    ['no changes', (store) => store.write([])],
    ['51 changes', (store) => store.write(many)],
  ]
}

function refusedReads({ kind }: RecordRig): readonly Refused[] {
  const many = Array.from({ length: 101 }, (_, number) => ({ kind, id: `${number}` }))
  return [
    ['101 keys', (store) => store.read(many)],
    ['an id with a space', (store) => store.read([{ kind, id: 'a b' }])],
    ['a list of 0', (store) => store.list({ kind, count: 0 })],
    ['a list of 1,001', (store) => store.list({ kind, count: 1_001 })],
    ['a list without a kind', (store) => store.list({ kind: '', count: 1 })],
    ['removeExpired of 0', (store) => store.removeExpired(1, 0)],
    ['removeExpired at NaN', (store) => store.removeExpired(Number.NaN, 1)],
  ]
}

async function ensureTypeError(
  { store }: RecordRig,
  what: string,
  call: (store: RecordStore) => unknown,
): Promise<void> {
  try {
    await call(store)
  } catch (error) {
    if (error instanceof TypeError) return
    throw error
  }
  violated(`${what}: expected a TypeError, saw none`)
}
