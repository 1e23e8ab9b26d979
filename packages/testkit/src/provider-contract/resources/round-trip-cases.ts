import type { JsonObject } from '@scimkit/core/json'
import { documentOnly } from '@scimkit/core/provider'
import { ensure, ensureEnd, ensureSame } from '../assert.js'
import { must, type ProviderCase } from '../provider-case.js'
import { all } from '../queries.js'
import {
  documentOf,
  enterpriseUrn,
  everything,
  insertGroup,
  insertUser,
  newId,
  newUserRef,
  readBack,
  remove,
  replace,
  tryInsert,
  userDocument,
} from '../writes.js'

const tooTelling = ['meta', 'members', 'groups']

/** A document with values of every type, and text that incorrect stores change. */
function richAttributes(): JsonObject {
  return {
    userName: `Rich-${newId()}`,
    externalId: ' 007 ',
    displayName: 'Zoe\u0308 \u{1f98a} "O\'Brien"; DROP TABLE users; -- \\ %_',
    name: { givenName: 'Zo\u00eb', familyName: "O'Brien", formatted: 'line one\nline two\ttab' },
    active: false,
    nickName: '__proto__',
    emails: [
      { value: 'b@example.com', type: 'work', primary: true },
      { value: 'a@example.com', type: 'home' },
    ],
    x509Certificates: [{ value: 'AQIDBA==' }],
    [enterpriseUrn]: { employeeNumber: '00042', department: 'R&D' },
  }
}

/** Reads return the written documents, times and versions. */
export const roundTripCases: readonly ProviderCase[] = [
  must('insert-then-read', 'an inserted document is read completely', 'RFC 7644 §3.3', async (rig) => {
    const user = await insertUser(rig, richAttributes())
    ensureSame(documentOf(await readBack(rig, user.ref)), user.document, 'document after insert')
  }),
  must(
    'replace-whole-document',
    'a replaced document is read completely, without parts of the old one',
    'RFC 7644 §3.5.1',
    async (rig) => {
      const user = await insertUser(rig, richAttributes())
      const plain = await replace(rig, user, userDocument(user.ref, { nickName: 'plain' }))
      ensureSame(documentOf(await readBack(rig, user.ref)), plain.document, 'document after the first replace')
      const rich = await replace(rig, plain, userDocument(user.ref, richAttributes()))
      ensureSame(documentOf(await readBack(rig, user.ref)), rich.document, 'document after the second replace')
    },
  ),
  must(
    'read-unknown',
    'a read of an unknown id or of an id of another type returns undefined',
    'RFC 7644 §3.12 (404)',
    async (rig) => {
      const unknown = await rig.provider.read(newUserRef(), documentOnly, rig.here)
      ensure(unknown === undefined, 'read of an unknown id: expected undefined, saw a resource')
      const user = await insertUser(rig)
      const asGroup = await rig.provider.read({ type: 'Group', id: user.ref.id }, documentOnly, rig.here)
      ensure(asGroup === undefined, "read of a user's id as a group: expected undefined, saw a resource")
    },
  ),
  must(
    'insert-times',
    'created and lastModified of a new resource are the time of the insert',
    'RFC 7643 §3.1 (meta)',
    async (rig) => {
      const user = await insertUser(rig)
      const { created, lastModified } = await readBack(rig, user.ref)
      ensureSame({ created, lastModified }, { created: user.at, lastModified: user.at }, 'times after insert')
    },
  ),
  must('replace-times', 'a replace changes lastModified and keeps created', 'RFC 7643 §3.1 (meta)', async (rig) => {
    const user = await insertUser(rig)
    const later = await replace(rig, user, { ...user.document, nickName: 'later' })
    const { created, lastModified } = await readBack(rig, user.ref)
    ensureSame({ created, lastModified }, { created: user.at, lastModified: later.at }, 'times after replace')
  }),
  must('version-as-answered', 'a read returns the version that the write returned', 'RFC 7644 §3.14', async (rig) => {
    const user = await insertUser(rig)
    ensureSame((await readBack(rig, user.ref)).version, user.version, 'version after insert')
    const later = await replace(rig, user, { ...user.document, nickName: 'later' })
    ensureSame((await readBack(rig, user.ref)).version, later.version, 'version after replace')
  }),
  must(
    'document-bare',
    'a stored document has its id, and neither meta nor members nor groups',
    'RFC 7643 §3.1; FP-D8',
    async (rig) => {
      const user = await insertUser(rig)
      const group = await insertGroup(rig, 'Bare', [user.ref])
      for (const { ref } of [user, group]) {
        const document = documentOf(await readBack(rig, ref, everything))
        ensureSame(document.id, ref.id, `id in the document of a ${ref.type}`)
        const names = tooTelling.filter((name) => Object.hasOwn(document, name))
        ensureSame(names, [], `names in the document of a ${ref.type} that do not belong there`)
      }
    },
  ),
  must('query-agrees-with-read', 'a resource in a list equals the resource of a read', 'RFC 7644 §3.4', async (rig) => {
    const user = await insertUser(rig, richAttributes())
    const [listed] = (await rig.provider.query('User', all, rig.here)).resources
    ensure(listed !== undefined, 'query: expected one user, saw none')
    const read = await readBack(rig, user.ref)
    for (const name of ['ref', 'version', 'created', 'lastModified'] as const) {
      ensureSame(listed[name], read[name], `${name} in a list`)
    }
    ensureSame(documentOf(listed), documentOf(read), 'document in a list')
  }),
  must(
    'insert-taken-id',
    'an insert never overwrites: a taken id throws',
    'RFC 7643 §3.1 (id); FP-D6; SEC-2',
    async (rig) => {
      const user = await insertUser(rig)
      const again = await tryInsert(rig, user.ref, userDocument(user.ref)).catch(() => undefined)
      if (again !== undefined) {
        const { value } = ensureEnd(again, 'success', 'insert of a taken id that was not thrown')
        const madeItsOwn = value.id !== undefined && value.id !== user.ref.id
        ensure(madeItsOwn, 'insert of a taken id: expected an Error, saw success under the same id')
      }
      ensureSame(documentOf(await readBack(rig, user.ref)), user.document, 'document after an insert of its id')
    },
  ),
  must('remove-then-read', 'a removed resource is absent from reads and lists', 'RFC 7644 §3.6', async (rig) => {
    const user = await insertUser(rig)
    await remove(rig, user)
    const read = await rig.provider.read(user.ref, documentOnly, rig.here)
    ensure(read === undefined, 'read after remove: expected undefined, saw a resource')
    const { totalResults } = await rig.provider.query('User', all, rig.here)
    ensureSame(totalResults, 0, 'totalResults after remove')
  }),
]
