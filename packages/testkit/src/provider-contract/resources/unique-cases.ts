import type { JsonObject } from '@scimkit/core/json'
import { type ConditionalResult, caseKey, type Written } from '@scimkit/core/provider'
import { ensure, ensureEnd, ensureSame } from '../assert.js'
import { must, type ProviderCase } from '../provider-case.js'
import { idsOf } from '../queries.js'
import type { Rig } from '../rig.js'
import {
  documentOf,
  groupDocument,
  type Held,
  insertUser,
  newGroupRef,
  newId,
  newRemoval,
  newUserRef,
  newVersion,
  nextOf,
  readBack,
  remove,
  replace,
  tryInsert,
  tryReplace,
  userDocument,
} from '../writes.js'

function tryInsertNamed(rig: Rig, userName: string): Promise<ConditionalResult<Written>> {
  const ref = newUserRef()
  return tryInsert(rig, ref, userDocument(ref, { userName }))
}

async function ensureTaken(rig: Rig, userName: string, what: string): Promise<void> {
  const { attribute } = ensureEnd(await tryInsertNamed(rig, userName), 'duplicate', what)
  ensureSame(attribute, 'userName', `attribute of the ${what}`)
}

async function ensureUntouched(rig: Rig, held: Held, after: string): Promise<void> {
  const stored = await readBack(rig, held.ref)
  ensureSame(stored.version, held.version, `version after ${after}`)
  ensureSame(documentOf(stored), held.document, `document after ${after}`)
}

/** Inserts a group with a unique key of the same attribute as the keys of users. */
function tryInsertGroupKeyed(rig: Rig, key: string): Promise<ConditionalResult<Written>> {
  const ref = newGroupRef()
  const next = nextOf(rig, ref, groupDocument(ref, key), newVersion())
  return rig.provider.insert(ref, { ...next, unique: [{ attribute: 'userName', key }] }, rig.here)
}

/** Uniqueness is checked atomically with the write. */
export const uniqueCases: readonly ProviderCase[] = [
  must(
    'duplicate-insert',
    'an insert with a taken key is a duplicate that names the attribute, and creates nothing',
    'RFC 7644 §3.3 (409 uniqueness)',
    async (rig) => {
      const user = await insertUser(rig, { userName: 'anna' })
      await ensureTaken(rig, 'anna', 'insert of a taken name')
      ensureSame(await idsOf(rig, 'User'), [user.ref.id], 'ids after a duplicate insert')
      await ensureUntouched(rig, user, 'a duplicate insert')
    },
  ),
  must(
    'duplicate-ignores-case',
    'keys are compared, not spellings: upper and lower case, composed and decomposed collide',
    'RFC 7643 §4.1.1 (userName); RFC 7644 §5',
    async (rig) => {
      await insertUser(rig, { userName: 'Zo\u00eb@Example.COM' })
      for (const spelling of ['zo\u00eb@example.com', 'ZO\u00cb@EXAMPLE.COM', 'Zoe\u0308@example.com']) {
        ensureSame(caseKey(spelling), caseKey('Zo\u00eb@Example.COM'), 'key of the spelling')
        await ensureTaken(rig, spelling, `insert of "${spelling}"`)
      }
      const other = await tryInsertNamed(rig, 'zoe@example.com')
      ensureEnd(other, 'success', 'insert of a name without the diaeresis')
    },
  ),
  must(
    'duplicate-replace',
    'a replace with a taken key is a duplicate and changes nothing',
    'RFC 7644 §3.5.1 (409 uniqueness)',
    async (rig) => {
      const anna = await insertUser(rig, { userName: 'anna' })
      const bert = await insertUser(rig, { userName: 'bert' })
      const result = await tryReplace(rig, bert, userDocument(bert.ref, { userName: 'ANNA', nickName: 'thief' }))
      ensureSame(ensureEnd(result, 'duplicate', 'replace with a taken name').attribute, 'userName', 'attribute')
      await ensureUntouched(rig, anna, "another's duplicate replace")
      await ensureUntouched(rig, bert, 'a duplicate replace')
      await ensureTaken(rig, 'bert', 'insert of the name kept after a duplicate replace')
    },
  ),
  must(
    'duplicate-all-or-nothing',
    'an insert with two keys of which one is taken reserves neither',
    'RFC 7644 §3.3 (409 uniqueness); FP-D4',
    async (rig) => {
      await insertUser(rig, { userName: 'taken' })
      const ref = newUserRef()
      const next = nextOf(rig, ref, userDocument(ref, { userName: 'taken' }), newVersion())
      const keys = [
        { attribute: 'externalId', key: 'free' },
        { attribute: 'userName', key: 'taken' },
      ]
      const result = await rig.provider.insert(ref, { ...next, unique: keys }, rig.here)
      ensureEnd(result, 'duplicate', 'insert with one taken key of two')
      const other = newUserRef()
      const again = nextOf(rig, other, userDocument(other, { userName: 'other', externalId: 'free' }), newVersion())
      const freed = [
        { attribute: 'externalId', key: 'free' },
        { attribute: 'userName', key: 'other' },
      ]
      const second = await rig.provider.insert(other, { ...again, unique: freed }, rig.here)
      ensureEnd(second, 'success', 'insert with the free key of a failed insert')
    },
  ),
  must('key-kept', 'a resource may keep its own key and change its spelling', 'RFC 7644 §3.5.1', async (rig) => {
    const user = await insertUser(rig, { userName: 'anna' })
    const kept = await replace(rig, user, userDocument(user.ref, { userName: 'anna', nickName: 'kept' }))
    await replace(rig, kept, userDocument(user.ref, { userName: 'Anna' }))
    await ensureTaken(rig, 'anna', 'insert of a name that was kept')
  }),
  must(
    'key-freed-by-replace',
    'a rename frees the old key and takes the new one',
    'RFC 7644 §3.5.1; FP-D5',
    async (rig) => {
      const user = await insertUser(rig, { userName: 'old' })
      await replace(rig, user, userDocument(user.ref, { userName: 'new' }))
      await ensureTaken(rig, 'new', 'insert of a name just taken')
      ensureEnd(await tryInsertNamed(rig, 'old'), 'success', 'insert of a name just freed')
    },
  ),
  must(
    'key-freed-by-remove',
    'a remove frees the key',
    'RFC 7644 §3.6 (a removed userName may be used again)',
    async (rig) => {
      await remove(rig, await insertUser(rig, { userName: 'again' }))
      ensureEnd(await tryInsertNamed(rig, 'again'), 'success', 'insert of the name of a removed user')
    },
  ),
  must(
    'key-not-freed-by-mismatch',
    'a refused rename or remove does not release or take a key',
    'RFC 7644 §3.14',
    async (rig) => {
      const stale = await insertUser(rig, { userName: 'anna' })
      await replace(rig, stale, { ...stale.document, nickName: 'changed' })
      await tryReplace(rig, stale, userDocument(stale.ref, { userName: 'bert' }))
      await rig.provider.remove(stale.ref, stale.version, newRemoval(rig), rig.here)
      await ensureTaken(rig, 'anna', 'insert of the name of a user whose rename was refused')
      ensureEnd(await tryInsertNamed(rig, 'bert'), 'success', 'insert of the name of a refused rename')
    },
  ),
  must(
    'key-other-type',
    'a key of one resource type is free for another',
    'RFC 7643 §4.1.1 (userName); FP-D5',
    async (rig) => {
      await insertUser(rig, { userName: 'same' })
      ensureEnd(await tryInsertGroupKeyed(rig, 'same'), 'success', "insert of a group with a user's key")
    },
  ),
  must(
    'duplicate-hides-nothing',
    'a user whose insert was a duplicate cannot be found by any of its values',
    'RFC 7644 §3.3 (409 uniqueness); FP-D4',
    async (rig) => {
      await insertUser(rig, { userName: 'anna' })
      const ref = newUserRef()
      const attributes: JsonObject = { userName: 'anna', externalId: newId() }
      ensureEnd(await tryInsert(rig, ref, userDocument(ref, attributes)), 'duplicate', 'insert of a taken name')
      const read = await rig.provider.read(ref, { members: 'none', derived: false }, rig.here)
      ensure(read === undefined, 'read after a duplicate insert: expected undefined, saw a resource')
      const taken = await tryInsert(rig, ref, userDocument(ref))
      ensureEnd(taken, 'success', 'insert of the same id with a free name')
    },
  ),
]
