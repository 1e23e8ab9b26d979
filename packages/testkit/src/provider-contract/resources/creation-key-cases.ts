import type { ScimContext } from '@scimkit/core'
import type { JsonObject } from '@scimkit/core/json'
import type { ConditionalResult, CreationKey, CreationRecord, ResourceRef, Written } from '@scimkit/core/provider'
import { ensure, ensureEnd, ensureSame, ensureSuccess } from '../assert.js'
import { must, needing, type ProviderCase } from '../provider-case.js'
import { all } from '../queries.js'
import type { Rig } from '../rig.js'
import {
  adding,
  type Held,
  insertUser,
  newGroupRef,
  newId,
  newUserRef,
  newVersion,
  nextOf,
  remove,
  replace,
  userDocument,
} from '../writes.js'

const writers = 20
const longAgo = '2025-12-31T00:00:00.000Z'

/** A key that no case has used, valid since long ago. */
function newKey(change: Partial<CreationKey> = {}): CreationKey {
  return { key: newId(), principal: 'client', digest: 'digest', expired: longAgo, ...change }
}

interface Creation {
  readonly ref: ResourceRef
  readonly result: ConditionalResult<Written>
  /** The `at` of the insert. */
  readonly at: string
}

/** Tries to insert a user with a key. */
async function tryCreate(
  rig: Rig,
  creationKey: CreationKey,
  attributes: JsonObject = {},
  context: ScimContext = rig.here,
): Promise<Creation> {
  const ref = newUserRef()
  const next = nextOf(rig, ref, userDocument(ref, attributes), newVersion())
  const result = await rig.provider.insert(ref, { ...next, creationKey }, context)
  return { ref, result, at: next.at }
}

/** Inserts a user with a key; must succeed. */
async function create(rig: Rig, key: CreationKey, attributes: JsonObject = {}, context?: ScimContext): Promise<Held> {
  const { ref, result } = await tryCreate(rig, key, attributes, context)
  const { id = ref.id, version, at } = ensureSuccess(result, 'insert with a new idempotency key')
  return { ref: { type: 'User', id }, version, at, document: { ...userDocument(ref, attributes), id } }
}

function recordOf({ ref, version }: Pick<Held, 'ref' | 'version'>, { digest }: CreationKey): CreationRecord {
  return { ref, version, digest }
}

async function ensureRecord(
  rig: Rig,
  key: CreationKey,
  expected: CreationRecord | undefined,
  what: string,
  context: ScimContext = rig.here,
): Promise<void> {
  ensureSame((await rig.provider.createdWith(key, context)) ?? null, expected ?? null, what)
}

async function ensureCount(rig: Rig, expected: number, what: string): Promise<void> {
  ensureSame((await rig.provider.query('User', all, rig.here)).totalResults, expected, `users ${what}`)
}

/** Records of the idempotency keys of creates. */
export const creationKeyCases: readonly ProviderCase[] = needing('idempotencyKeys', [
  must(
    'creation-key-record',
    'an insert with a key stores a record of the resource, its version and the digest; a new key has none',
    'ADR 63; FP-D22',
    async (rig) => {
      const key = newKey()
      await ensureRecord(rig, key, undefined, 'record of a new key')
      const user = await create(rig, key)
      await ensureRecord(rig, key, recordOf(user, key), 'record after the insert')
      await ensureRecord(rig, { ...key, digest: 'other' }, recordOf(user, key), 'record, read for another digest')
      await ensureRecord(rig, newKey(), undefined, 'record of another key')
    },
  ),
  must(
    'creation-key-again',
    'a second insert with a key is alreadyCreated with the record of the first, and stores nothing',
    'ADR 63; FP-D22',
    async (rig) => {
      const key = newKey({ digest: 'first' })
      const user = await create(rig, key)
      const again = await tryCreate(rig, { ...key, digest: 'second' })
      const { record } = ensureEnd(again.result, 'alreadyCreated', 'second insert with the key')
      ensureSame(record, recordOf(user, key), 'record in the result')
      await ensureCount(rig, 1, 'after two inserts with one key')
      await ensureRecord(rig, key, recordOf(user, key), 'record after the second insert')
    },
  ),
  must(
    'creation-key-before-duplicate',
    'alreadyCreated is reported before duplicate: a repeated create has the same userName',
    'ADR 63; FP-D22',
    async (rig) => {
      const key = newKey()
      const userName = `user-${newId()}`
      const user = await create(rig, key, { userName })
      const { record } = ensureEnd(
        (await tryCreate(rig, key, { userName })).result,
        'alreadyCreated',
        'second insert with the key and the userName',
      )
      ensureSame(record, recordOf(user, key), 'record in the result')
      ensureEnd(
        (await tryCreate(rig, newKey(), { userName })).result,
        'duplicate',
        'insert of the userName with another key',
      )
    },
  ),
  must(
    'creation-key-before-unknown-members',
    'alreadyCreated is reported before unknownMembers',
    'ADR 63; FP-D22',
    async (rig) => {
      const key = newKey()
      const user = await create(rig, key)
      const ref = newGroupRef()
      const document = { schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'], id: ref.id, displayName: 'Group' }
      const members = { ...adding(newUserRef()), mustExist: true as const }
      const next = { ...nextOf(rig, ref, document, newVersion(), members), creationKey: key }
      const { record } = ensureEnd(
        await rig.provider.insert(ref, next, rig.here),
        'alreadyCreated',
        'insert with the key and unknown members',
      )
      ensureSame(record, recordOf(user, key), 'record in the result')
    },
    'members',
  ),
  must(
    'creation-key-refused',
    'an insert that is refused leaves no record, and the key can be used again',
    'ADR 63; FP-D22',
    async (rig) => {
      const { document } = await insertUser(rig)
      const key = newKey()
      const { userName = '' } = document
      ensureEnd((await tryCreate(rig, key, { userName })).result, 'duplicate', 'insert of a userName that is taken')
      await ensureRecord(rig, key, undefined, 'record after a refused insert')
      const user = await create(rig, key)
      await ensureRecord(rig, key, recordOf(user, key), 'record after the insert that succeeded')
    },
  ),
  must(
    'creation-key-failed',
    'an insert that throws leaves no record: the id is taken',
    'ADR 63; FP-D22',
    async (rig) => {
      const { ref } = await insertUser(rig)
      const key = newKey()
      const next = { ...nextOf(rig, ref, userDocument(ref), newVersion()), creationKey: key }
      const end = await rig.provider.insert(ref, next, rig.here).then(
        ({ kind }) => kind,
        () => 'thrown',
      )
      // A store that assigns its own ids inserts another resource instead.
      if (end !== 'success') await ensureRecord(rig, key, undefined, `record after an insert that ended as ${end}`)
    },
  ),
  must(
    'creation-key-without',
    'an insert without a key stores no record, and succeeds whatever keys others have used',
    'ADR 63; FP-D22',
    async (rig) => {
      const key = newKey()
      await insertUser(rig)
      await ensureRecord(rig, key, undefined, 'record after an insert without a key')
      await create(rig, key)
      await insertUser(rig)
      await insertUser(rig)
      await ensureCount(rig, 4, 'after one insert with a key and three without')
    },
  ),
  must(
    'creation-key-principal',
    'keys belong to their principal: another one has no record, and can use the same key',
    'ADR 63; FP-D22; SEC-5',
    async (rig) => {
      const key = newKey()
      const user = await create(rig, key)
      for (const principal of ['other', '']) {
        const theirs = { ...key, principal }
        await ensureRecord(rig, theirs, undefined, 'record of another principal')
        const their = await create(rig, theirs)
        await ensureRecord(rig, theirs, recordOf(their, theirs), 'record of the second create with the key')
      }
      await ensureRecord(rig, key, recordOf(user, key), 'record of the first principal')
    },
  ),
  must(
    'creation-key-tenant',
    "another tenant's records do not exist, and its key can be used here",
    'ADR 63; FP-D22; RFC 7644 §6; SEC-5',
    async (rig) => {
      const key = newKey()
      const user = await create(rig, key)
      await ensureRecord(rig, key, undefined, 'record in the other tenant', rig.there)
      const there = await create(rig, key, {}, rig.there)
      await ensureRecord(rig, key, recordOf(there, key), 'record in the other tenant after its insert', rig.there)
      await ensureRecord(rig, key, recordOf(user, key), 'record in this tenant')
    },
  ),
  must(
    'creation-key-spelling',
    'keys are compared exactly: letter case counts, and every visible ASCII character, 256 of them, is kept',
    'ADR 63; FP-D22',
    async (rig) => {
      let visible = ''
      for (let unit = 0x21; unit <= 0x7e; unit++) visible += String.fromCharCode(unit)
      const long = newKey({ key: `${newId()}${visible.repeat(3)}`.slice(0, 256) })
      const user = await create(rig, long)
      await ensureRecord(rig, long, recordOf(user, long), 'record of a key of 256 characters')
      await ensureRecord(rig, { ...long, key: long.key.slice(0, 255) }, undefined, 'record of its first 255 characters')
      const lower = newKey()
      const upper = { ...lower, key: lower.key.toUpperCase() }
      await create(rig, { ...lower, key: `${lower.key}a` })
      await ensureRecord(rig, { ...upper, key: `${upper.key}A` }, undefined, 'record of a key in another letter case')
    },
  ),
  must(
    'creation-key-later-writes',
    'the record keeps the version of the insert through later writes, and stays when the resource is removed',
    'ADR 63; FP-D22',
    async (rig) => {
      const key = newKey()
      const user = await create(rig, key)
      const changed = await replace(rig, user, { ...user.document, title: 'New' })
      await ensureRecord(rig, key, recordOf(user, key), 'record after a replace')
      await remove(rig, changed)
      await ensureRecord(rig, key, recordOf(user, key), 'record after the removal of the resource')
      const again = await tryCreate(rig, key)
      ensureEnd(again.result, 'alreadyCreated', 'insert with the key after the removal of the resource')
    },
  ),
  must(
    'creation-key-expiry',
    'a record from before `expired` does not exist, and its key can be used again; one from that very moment does',
    'ADR 63; FP-D22',
    async (rig) => {
      const key = newKey()
      const first = await create(rig, key)
      const atThatMoment = { ...key, expired: first.at }
      await ensureRecord(rig, atThatMoment, recordOf(first, key), 'record that is as old as is valid')
      ensureEnd((await tryCreate(rig, atThatMoment)).result, 'alreadyCreated', 'insert while the record is valid')
      const later = { ...key, digest: 'later', expired: new Date(Date.parse(first.at) + 1).toISOString() }
      await ensureRecord(rig, later, undefined, 'record that has expired')
      const second = await create(rig, later)
      await ensureRecord(rig, later, recordOf(second, later), 'record after the second create with the key')
      ensureEnd((await tryCreate(rig, later)).result, 'alreadyCreated', 'third insert with the key')
    },
  ),
  must(
    'creation-key-race',
    `of ${writers} concurrent inserts with one key exactly one creates a resource, and the others have its record`,
    'ADR 63; FP-D22',
    async (rig) => {
      for (let round = 0; round < rig.rounds; round++) {
        const key = newKey()
        const userName = `user-${newId()}`
        // In every second round the inserts share a unique value too, as repeated requests do.
        const attributes = round % 2 === 0 ? {} : { userName }
        const creations = await Promise.all(Array.from({ length: writers }, () => tryCreate(rig, key, attributes)))
        const won = creations.filter(({ result }) => result.kind === 'success')
        ensure(won.length === 1, `${writers} inserts with one key: expected exactly 1 success, saw ${won.length}`)
        const record = await rig.provider.createdWith(key, rig.here)
        for (const { ref, result } of creations) {
          if (result.kind === 'success') {
            const { id = ref.id, version } = result.value
            ensureSame(record ?? null, recordOf({ ref: { type: 'User', id }, version }, key), 'record after the race')
            continue
          }
          const ended = ensureEnd(result, 'alreadyCreated', 'insert that lost')
          ensureSame(ended.record, record, 'record in the result of an insert that lost')
        }
        await ensureCount(rig, round + 1, `after ${round + 1} races`)
      }
    },
  ),
])
