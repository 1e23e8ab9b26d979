import type { JsonObject, JsonValue } from '@scimkit/core/json'
import type { Member, Next, Stored } from '@scimkit/core/provider'
import { ensureSame } from '../assert.js'
import { must, type ProviderCase } from '../provider-case.js'
import { all, queryOf } from '../queries.js'
import type { Rig } from '../rig.js'
import {
  documentOf,
  enterpriseUrn,
  everything,
  groupDocument,
  insertGroup,
  insertUser,
  newGroupRef,
  newId,
  newUserRef,
  newVersion,
  nextOf,
  readBack,
  replace,
  userDocument,
  versionAfter,
} from '../writes.js'

/** A document with a value to change at every depth. */
function deepAttributes(): JsonObject {
  return {
    userName: `deep-${newId()}`,
    name: { givenName: 'Deep' },
    emails: [{ value: 'deep@example.com', type: 'work' }],
    [enterpriseUrn]: { department: 'R&D', manager: { value: newId() } },
  }
}

/** Changes every value in place, unless it is frozen, as a careless caller might. */
function vandalize(value: unknown): void {
  if (typeof value !== 'object' || value === null) return
  for (const name of Object.keys(value)) {
    const holder = value as Record<string, unknown>
    vandalize(holder[name])
    attempt(() => {
      holder[name] = 'vandalized'
    })
  }
  attempt(() => {
    if (Array.isArray(value)) value.length = 0
    else (value as Record<string, unknown>).added = 'vandalized'
  })
}

// A frozen result is also correct.
function attempt(change: () => void): void {
  try {
    change()
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
  }
}

function copyOf<Value extends JsonValue>(value: Value): Value {
  return JSON.parse(JSON.stringify(value)) as Value
}

/** A complete result as JSON text, which later changes cannot affect. */
function snapshot(stored: Stored): JsonValue {
  const { ref, version, created, lastModified, members = [], derived = {} } = stored
  return copyOf({
    ref,
    version,
    created,
    lastModified,
    members,
    derived,
    document: documentOf(stored),
  } as unknown as JsonValue)
}

/** All parts of `next` that a provider might keep a reference to. */
function vandalizeNext(next: Next): void {
  vandalize(next.resource)
  vandalize(next.unique)
  vandalize(next.members)
}

async function ensureSurvives(rig: Rig, stored: Stored, what: string): Promise<void> {
  const before = snapshot(stored)
  vandalize(stored)
  ensureSame(snapshot(await readBack(rig, { type: 'User', id: idOf(before) }, everything)), before, what)
}

function idOf(snapshotted: JsonValue): string {
  return (snapshotted as { ref: { id: string } }).ref.id
}

/** Providers keep no references to arguments, and do not change results that they have returned. */
export const aliasingCases: readonly ProviderCase[] = [
  must(
    'alias-insert',
    'changing the inserted object after the insert does not change the store',
    'FP-D7',
    async (rig) => {
      const ref = { ...newUserRef() }
      const document = copyOf(userDocument(ref, deepAttributes()))
      const before = copyOf(document)
      const next = nextOf(rig, ref, document, newVersion())
      const { id } = ref
      await rig.provider.insert(ref, next, rig.here)
      vandalizeNext(next)
      vandalize(ref)
      ensureSame(documentOf(await readBack(rig, { type: 'User', id })), before, 'document after its source was changed')
    },
  ),
  must(
    'alias-replace',
    'changing the object of a replace after the replace does not change the store',
    'FP-D7',
    async (rig) => {
      const user = await insertUser(rig)
      const document = copyOf(userDocument(user.ref, deepAttributes()))
      const before = copyOf(document)
      const next = nextOf(rig, user.ref, document, versionAfter(user.version))
      await rig.provider.replace(user.ref, user.version, next, rig.here)
      vandalizeNext(next)
      ensureSame(documentOf(await readBack(rig, user.ref)), before, 'document after its source was changed')
    },
  ),
  must(
    'alias-members',
    'changing the written members after the write does not change the store',
    'FP-D7',
    async (rig) => {
      const ref = newGroupRef()
      const members: Member[] = [{ value: newId(), type: 'User' }]
      const before = copyOf(members as unknown as JsonValue)
      const next = nextOf(rig, ref, groupDocument(ref, 'Aliased'), newVersion(), { add: members, remove: [] })
      await rig.provider.insert(ref, next, rig.here)
      vandalizeNext(next)
      const stored = await readBack(rig, ref, everything)
      ensureSame(stored.members, before, 'members after their source was changed')
    },
    'members',
  ),
  must('alias-read', 'changing the result of a read does not change the store', 'FP-D7', async (rig) => {
    const { ref } = await insertUser(rig, deepAttributes())
    await ensureSurvives(rig, await readBack(rig, ref, everything), 'user after the result of a read was changed')
  }),
  must('alias-query', 'changing the result of a query does not change the store', 'FP-D7', async (rig) => {
    await insertUser(rig, deepAttributes())
    const page = await rig.provider.query('User', queryOf({ needs: everything }), rig.here)
    const [stored] = page.resources
    if (stored !== undefined) await ensureSurvives(rig, stored, 'user after the result of a query was changed')
    vandalize(page)
    ensureSame(
      (await rig.provider.query('User', all, rig.here)).totalResults,
      1,
      'totalResults after a page was changed',
    )
  }),
  must(
    'alias-read-members',
    'changing the members and groups of a read result does not change the store',
    'FP-D7',
    async (rig) => {
      const user = await insertUser(rig)
      const group = await insertGroup(rig, 'Aliased', [user.ref])
      for (const { ref } of [group, user]) {
        const stored = await readBack(rig, ref, everything)
        const before = snapshot(stored)
        vandalize(stored)
        ensureSame(snapshot(await readBack(rig, ref, everything)), before, `${ref.type} after an answer was changed`)
      }
    },
    'members',
    'derived',
  ),
  must('answers-stay', 'later writes do not change the result of an earlier read', 'FP-D7', async (rig) => {
    const user = await insertUser(rig, deepAttributes())
    const [read, listed] = await Promise.all([
      readBack(rig, user.ref, everything),
      rig.provider.query('User', queryOf({ needs: everything }), rig.here),
    ])
    const before = snapshot(read)
    await insertGroup(rig, 'Later', [user.ref])
    await replace(rig, user, userDocument(user.ref, { nickName: 'later' }))
    ensureSame(snapshot(read), before, 'an older result of a read')
    ensureSame(listed.resources.map(snapshot), [before], 'an older result of a query')
  }),
]
