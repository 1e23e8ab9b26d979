import type { InTransaction } from '@scimkit/core/provider'
import { ensure, ensureEnd, ensureSame, ensureSuccess, violated } from '../assert.js'
import { must, needing, type ProviderCase } from '../provider-case.js'
import type { Rig } from '../rig.js'
import {
  documentOf,
  type Held,
  insertUser,
  newId,
  newRemoval,
  newUserRef,
  newVersion,
  nextOf,
  readBack,
  userDocument,
  versionAfter,
} from '../writes.js'

/** Code that adds a note to the host's table. */
function adding(rig: Rig, note: string): InTransaction {
  return (unit) => unit.run(rig.notes.add(note) as never)
}

async function isNoted(rig: Rig, note: string): Promise<boolean> {
  return (await rig.notes.list()).includes(note)
}

function tryInsertWith(rig: Rig, inTransaction: InTransaction, ref = newUserRef(), document = userDocument(ref)) {
  return rig.provider.insert(ref, { ...nextOf(rig, ref, document, newVersion()), inTransaction }, rig.here)
}

function tryReplaceWith(rig: Rig, inTransaction: InTransaction, held: Held, document = held.document) {
  const next = nextOf(rig, held.ref, document, versionAfter(held.version))
  return rig.provider.replace(held.ref, held.version, { ...next, inTransaction }, rig.here)
}

function tryRemoveWith(rig: Rig, inTransaction: InTransaction, { ref, version }: Pick<Held, 'ref' | 'version'>) {
  return rig.provider.remove(ref, version, { ...newRemoval(rig), inTransaction }, rig.here)
}

/** The error of a write that must fail. */
async function errorOf(write: Promise<unknown>, what: string): Promise<unknown> {
  const end = await write.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  )
  return 'error' in end ? end.error : violated(`${what}: expected an error, saw a result`)
}

async function ensureUnchanged(rig: Rig, held: Held, what: string): Promise<void> {
  const stored = await readBack(rig, held.ref)
  ensureSame(stored.version, held.version, `version after ${what}`)
  ensureSame(documentOf(stored), held.document, `document after ${what}`)
}

/** The host's code in the unit of a write: it commits with the write, or neither does. */
export const unitCases: readonly ProviderCase[] = needing('inTransaction', [
  must(
    'unit-commits',
    'what the host does in the unit of an insert, a replace and a remove commits with the write',
    'ADR 59; SEC-23',
    async (rig) => {
      const [first, second, third] = [newId(), newId(), newId()]
      const ref = newUserRef()
      const document = userDocument(ref)
      const inserted = ensureSuccess(await tryInsertWith(rig, adding(rig, first), ref, document), 'insert')
      const held: Held = { ref, document, ...inserted }
      const replaced = await tryReplaceWith(rig, adding(rig, second), held, { ...document, title: 'B' })
      const { version } = ensureSuccess(replaced, 'replace')
      ensureSame(documentOf(await readBack(rig, ref)).title, 'B', 'title after the replace')
      ensureSuccess(await tryRemoveWith(rig, adding(rig, third), { ref, version }), 'remove')
      for (const note of [first, second, third]) ensure(await isNoted(rig, note), 'a note of a commit: expected it')
    },
  ),
  must(
    'unit-error',
    'an error of the host rolls the write back and is thrown unchanged',
    'ADR 59; SEC-23',
    async (rig) => {
      const held = await insertUser(rig)
      const note = newId()
      const own = new Error('the code of the host failed')
      const failing: InTransaction = (unit) => {
        const added = rig.notes.rollsBack ? unit.run(rig.notes.add(note) as never) : undefined
        if (!rig.notes.waits) throw own
        return Promise.resolve(added).then(() => Promise.reject(own))
      }
      const ref = newUserRef()
      ensure((await errorOf(tryInsertWith(rig, failing, ref), 'insert')) === own, 'insert: expected the own error')
      ensureSame(await rig.provider.read(ref, { members: 'none', derived: false }, rig.here), undefined, 'read')
      ensure((await errorOf(tryReplaceWith(rig, failing, held), 'replace')) === own, 'replace: expected the own error')
      ensure((await errorOf(tryRemoveWith(rig, failing, held), 'remove')) === own, 'remove: expected the own error')
      await ensureUnchanged(rig, held, 'the errors')
      ensure(!(await isNoted(rig, note)), 'a note of a write that was rolled back: expected none')
    },
  ),
  must('unit-refused', 'a write that is refused commits nothing of the host', 'ADR 59; RFC 7644 §3.14', async (rig) => {
    const held = await insertUser(rig)
    const stale = { ...held, version: newVersion() }
    const notes = [newId(), newId(), newId(), newId()] as const
    ensureEnd(await tryReplaceWith(rig, adding(rig, notes[0]), stale), 'versionMismatch', 'replace of an old version')
    ensureEnd(await tryRemoveWith(rig, adding(rig, notes[1]), stale), 'versionMismatch', 'remove of an old version')
    const absent = { ...held, ref: newUserRef() }
    ensureEnd(await tryReplaceWith(rig, adding(rig, notes[2]), absent), 'notFound', 'replace of an absent resource')
    const twin = newUserRef()
    const taken = { ...userDocument(twin), userName: held.document.userName ?? '' }
    ensureEnd(await tryInsertWith(rig, adding(rig, notes[3]), twin, taken), 'duplicate', 'insert of a taken userName')
    for (const note of notes) ensure(!(await isNoted(rig, note)), 'a note of a refused write: expected none')
  }),
  must(
    'unit-statement-fails',
    'a statement of the host that fails ends the write, also if the host catches the error; it is never a duplicate',
    'ADR 59',
    async (rig) => {
      if (!rig.notes.rollsBack) return
      const held = await insertUser(rig)
      const note = newId()
      ensureSuccess(await tryInsertWith(rig, adding(rig, note)), 'insert')
      const caught: InTransaction = (unit) => {
        try {
          const added: unknown = unit.run(rig.notes.add(note) as never)
          return rig.notes.waits ? Promise.resolve(added).catch(() => undefined) : undefined
        } catch {
          return undefined
        }
      }
      for (const code of [adding(rig, note), caught]) {
        await errorOf(tryReplaceWith(rig, code, held, { ...held.document, title: 'B' }), 'replace')
        await ensureUnchanged(rig, held, 'a statement that failed')
      }
    },
  ),
  must('unit-once', 'concurrent writers: the host commits once for each commit', 'ADR 59; REL-1', async (rig) => {
    const held = await insertUser(rig)
    const writers = 8
    const prefix = newId()
    const commit = async (writer: number): Promise<void> => {
      for (let attempt = 1; ; attempt++) {
        const now = await readBack(rig, held.ref)
        const current = { ...held, version: now.version }
        const note = `${prefix}-${writer}-${attempt}`
        const result = await tryReplaceWith(rig, adding(rig, note), current, { ...held.document, title: note })
        if (result.kind === 'success') return
        ensureEnd(result, 'versionMismatch', 'replace by a concurrent writer')
      }
    }
    await Promise.all(Array.from({ length: writers }, (_, writer) => commit(writer)))
    const notes = (await rig.notes.list()).filter((note) => note.startsWith(prefix))
    ensureSame(new Set(notes.map((note) => note.split('-').at(-2))).size, writers, 'writers with a note')
    ensureSame(notes.length, writers, 'notes of that many commits')
    const { title } = documentOf(await readBack(rig, held.ref))
    ensure(notes.includes(String(title)), 'the note of the last commit: expected it')
  }),
  must('unit-ends', 'after the host’s code the unit runs nothing more', 'ADR 59', async (rig) => {
    let late: (() => unknown) | undefined
    const note = newId()
    const code: InTransaction = (unit) => {
      late = () => unit.run(rig.notes.add(note) as never)
      return undefined
    }
    ensureSuccess(await tryInsertWith(rig, code), 'insert')
    await errorOf(
      Promise.resolve().then(() => late?.()),
      'unit.run after the end of the unit',
    )
    ensure(!(await isNoted(rig, note)), 'a note after the end of the unit: expected none')
  }),
  must(
    'unit-waits-or-refuses',
    'code that returns a promise is awaited, or refused with nothing written',
    'ADR 59; ADR 22',
    async (rig) => {
      const held = await insertUser(rig)
      const note = newId()
      const code: InTransaction = async (unit) => {
        await Promise.resolve()
        await unit.run(rig.notes.add(note) as never)
      }
      const write = tryReplaceWith(rig, code, held, { ...held.document, title: 'B' })
      if (rig.notes.waits) {
        ensureSuccess(await write, 'replace with code that waits')
        ensure(await isNoted(rig, note), 'a note added after a wait: expected it')
        return
      }
      await errorOf(write, 'replace with code that waits')
      await ensureUnchanged(rig, held, 'code that waits')
      ensure(!(await isNoted(rig, note)), 'a note of code that was refused: expected none')
    },
  ),
])
