import type { ScimContext } from '@scimkit/core'
import type { ConditionalResult, Next, ResourceRef, Written } from '@scimkit/core/provider'
import { ensure, ensureEnd, ensureSame, ensureSameSet, ensureSuccess } from '../assert.js'
import { must, needing, type ProviderCase } from '../provider-case.js'
import { idsOf } from '../queries.js'
import type { Rig } from '../rig.js'
import {
  adding,
  documentOf,
  everything,
  groupDocument,
  type Held,
  insertGroup,
  insertUser,
  newGroupRef,
  newUserRef,
  newVersion,
  nextOf,
  readBack,
  remove,
  replace,
  userDocument,
} from '../writes.js'

const citation = 'ADR 61; REL-5'
const clients = 16
const limit = 5

/** Inserts with a quota; the caller checks the result. `more` are further parts of the write. */
function tryInsertWithin(
  rig: Rig,
  quota: number,
  more: Partial<Next> = {},
  ref: ResourceRef = newUserRef(),
  context: ScimContext = rig.here,
): Promise<ConditionalResult<Written>> {
  const document = ref.type === 'User' ? userDocument(ref) : groupDocument(ref, ref.id)
  return rig.provider.insert(ref, { ...nextOf(rig, ref, document, newVersion()), quota, ...more }, context)
}

async function insertWithin(rig: Rig, quota: number): Promise<Held> {
  const ref = newUserRef()
  const document = userDocument(ref)
  const next = { ...nextOf(rig, ref, document, newVersion()), quota }
  const {
    id = ref.id,
    version,
    at,
  } = ensureSuccess(await rig.provider.insert(ref, next, rig.here), 'insert within the quota')
  return { ref: { type: 'User', id }, version, at, document: { ...document, id } }
}

async function ensureFull(rig: Rig, quota: number, what: string): Promise<void> {
  const before = await idsOf(rig, 'User')
  ensureEnd(await tryInsertWithin(rig, quota), 'overQuota', what)
  ensureSame(await idsOf(rig, 'User'), before, `ids after an ${what}`)
}

/** Concurrent inserts at a limit; between them, the number of resources is read. */
async function raceInserts(rig: Rig): Promise<void> {
  await removeAll(rig)
  const results = await Promise.all(Array.from({ length: clients }, () => tryInsertWithin(rig, limit)))
  for (const result of results) if (result.kind !== 'success') ensureEnd(result, 'overQuota', 'insert beyond the quota')
  const inserted = results.filter(({ kind }) => kind === 'success').length
  ensureSame(inserted, limit, `successful inserts of ${clients} at a quota of ${limit}`)
  ensureSame((await idsOf(rig, 'User')).length, limit, 'resources after the race')
}

async function removeAll(rig: Rig): Promise<void> {
  for (const id of await idsOf(rig, 'User')) await remove(rig, await readBack(rig, { type: 'User', id }))
}

/** Inserts concurrent with removals: the limit is never exceeded, and a slot that a removal freed can be used. */
async function raceRemovals(rig: Rig): Promise<void> {
  const first: Held[] = []
  while ((await idsOf(rig, 'User')).length < limit) first.push(await insertWithin(rig, limit))
  const removals = first.slice(0, 2)
  const half = () => Promise.all(Array.from({ length: clients / 2 }, () => tryInsertWithin(rig, limit)))
  const removeThem = () => Promise.all(removals.map((user) => remove(rig, user)))
  const [before, , after] = await Promise.all([half(), removeThem(), half()])
  const results = [...before, ...after]
  const seen = (await idsOf(rig, 'User')).length
  ensure(seen <= limit, `resources after inserts and removals: expected at most ${limit}, saw ${seen}`)
  const inserted = results.filter(({ kind }) => kind === 'success').length
  ensureSame(seen, limit - removals.length + inserted, 'resources after inserts and removals')
  for (let free = limit - seen; free > 0; free--) await insertWithin(rig, limit)
  await ensureFull(rig, limit, 'insert after all slots were used again')
  await removeAll(rig)
}

/** The quota of a tenant is counted in the atomic step of an insert. */
export const quotaCases: readonly ProviderCase[] = needing('quotas', [
  must('quota-declared', 'a provider that counts for quotas sets supports.quotas', citation, async (rig) => {
    ensureSame(rig.provider.supports.quotas, true, 'supports.quotas')
  }),
  must(
    'quota-insert',
    'inserts up to the quota succeed, the next one is overQuota and creates nothing; a quota of 0 permits none',
    citation,
    async (rig) => {
      await ensureFull(rig, 0, 'insert with a quota of 0')
      await insertWithin(rig, 2)
      await insertWithin(rig, 2)
      await ensureFull(rig, 2, 'insert beyond a quota of 2')
      await insertWithin(rig, 3)
    },
  ),
  must(
    'quota-of-each-insert',
    'the quota holds for the insert that it is passed to: others insert without, and a lower one refuses',
    citation,
    async (rig) => {
      const user = await insertWithin(rig, 1)
      await insertUser(rig)
      await insertUser(rig)
      await ensureFull(rig, 2, 'insert with a quota below the number of resources')
      await replace(rig, user, { ...user.document, nickName: 'changed above the quota' })
    },
  ),
  must('quota-freed', 'a removal frees a slot, a replace takes none', citation, async (rig) => {
    const [first, second] = [await insertWithin(rig, 2), await insertWithin(rig, 2)]
    await replace(rig, second, { ...second.document, nickName: 'replaced' })
    await ensureFull(rig, 2, 'insert beyond a quota of 2')
    await remove(rig, first)
    await insertWithin(rig, 2)
    await ensureFull(rig, 2, 'insert after the freed slot was used')
  }),
  must(
    'quota-of-tenant-and-type',
    'resources of other types and of other tenants do not count',
    `${citation}; SEC-5`,
    async (rig) => {
      await insertGroup(rig, 'Not a user')
      await insertUser(rig, {}, rig.there)
      await insertWithin(rig, 1)
      ensureEnd(await tryInsertWithin(rig, 1), 'overQuota', 'insert of a second user')
      ensureEnd(await tryInsertWithin(rig, 1, {}, newGroupRef()), 'overQuota', 'insert of a second group')
      ensureEnd(await tryInsertWithin(rig, 1, {}, newUserRef(), rig.there), 'overQuota', 'insert of another tenant')
      ensureSuccess(await tryInsertWithin(rig, 1, {}, newGroupRef(), rig.there), 'first group of another tenant')
    },
  ),
  must(
    'quota-after-duplicate',
    'a taken key is a duplicate at the limit too, and at the limit nothing of a refused insert remains',
    citation,
    async (rig) => {
      const user = await insertWithin(rig, 1)
      const taken = nextOf(rig, user.ref, user.document, newVersion()).unique
      ensureEnd(await tryInsertWithin(rig, 1, { unique: taken }), 'duplicate', 'insert of a taken key at the limit')
      const free = [{ attribute: 'userName', key: 'free-name' }]
      ensureEnd(await tryInsertWithin(rig, 1, { unique: free }), 'overQuota', 'insert of a free key at the limit')
      ensureSuccess(await tryInsertWithin(rig, 2, { unique: free }), 'insert of the key of a refused insert')
      ensureSame(documentOf(await readBack(rig, user.ref)), user.document, 'document of the first user')
    },
  ),
  must(
    'quota-race',
    `${clients} concurrent inserts at a quota of ${limit}: exactly ${limit} succeed`,
    citation,
    async (rig) => {
      for (let round = 0; round < rig.rounds; round++) await raceInserts(rig)
    },
  ),
  must(
    'quota-race-removals',
    'inserts concurrent with removals never exceed the quota, and a freed slot can be used',
    citation,
    async (rig) => {
      for (let round = 0; round < rig.rounds; round++) await raceRemovals(rig)
    },
  ),
  must(
    'quota-members',
    'a group beyond the quota leaves no membership behind',
    citation,
    async (rig) => {
      const user = await insertUser(rig)
      await insertGroup(rig, 'First', [user.ref])
      const ref = newGroupRef()
      const refused = await tryInsertWithin(rig, 1, { members: adding(user.ref) }, ref)
      ensureEnd(refused, 'overQuota', 'insert of a second group')
      const { derived } = await readBack(rig, user.ref, everything)
      const groups = derived?.groups?.map(({ value }) => value) ?? []
      ensureSameSet(
        groups.filter((id) => id === ref.id),
        [],
        'groups of a member of a refused group',
      )
    },
    'members',
    'derived',
  ),
])
