/**
 * A PUT of the result of GET changes nothing: no operation leaves a document that reads back as another one.
 * @see RFC 7644 §3.5.1; RFC 7643 §2.4, §2.5
 */
import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { JsonObject, JsonValue } from '../../src/json/value.js'
import { effort } from '../filter/support/effort.js'
import { core, enterprise, groupUrn, serve } from '../support/server.js'

const text = fc.constantFrom('a', 'A', 'b', 'é', 'É', 'x@y', 'X@Y', '', ' ')
const type = fc.constantFrom('work', 'Work', 'home')
const element = fc.record({ value: text, type, display: text, primary: fc.boolean() }, { requiredKeys: [] })
const elements = fc.array(element, { maxLength: 4 })
const paths = [
  'title',
  'name',
  'name.givenName',
  'emails',
  'emails.type',
  'emails.value',
  'emails.primary',
  'emails[type eq "work"]',
  'emails[type eq "work"].value',
  'emails[value ew "y"].value',
  'emails[primary eq true].type',
  'roles',
  'roles[value eq "a"].display',
  'roles.display',
  enterprise,
  `${enterprise}:department`,
  `${enterprise}:manager`,
  `${enterprise}:manager.value`,
  `${enterprise}:manager[value pr].value`,
]
const value: fc.Arbitrary<JsonValue> = fc.oneof(
  text,
  element,
  elements,
  fc.constantFrom<JsonValue>(null, [], {}, true, 7, { value: '' }, { manager: { value: 'm' }, department: 'D' }),
)
const operation: fc.Arbitrary<JsonObject> = fc.record(
  { op: fc.constantFrom('add', 'replace', 'remove'), path: fc.constantFrom(...paths), value },
  { requiredKeys: ['op', 'path'] },
)
const attributes = fc.record(
  {
    title: text,
    name: fc.record({ givenName: text, familyName: text }, { requiredKeys: [] }),
    emails: elements,
    roles: elements,
  },
  { requiredKeys: [] },
)

test('users, after any PATCH', async () => {
  const server = serve()
  let people = 0
  await fc.assert(
    fc.asyncProperty(attributes, fc.array(operation, { maxLength: 6 }), async (given, operations) => {
      const made = await server.post('/Users', { schemas: [core], userName: `u${++people}`, ...given } as JsonObject)
      if (made.status !== 201) return
      const path = `/Users/${String(made.json.id)}`
      for (const one of operations) await server.patch(path, [one])
      await expectUnchanged(server, path)
    }),
    effort(1_000, 100_000),
  )
})

test('groups, after any PATCH of their members', async () => {
  const server = serve()
  const id = fc.constantFrom('m1', 'm2', 'M1')
  const member = fc.record(
    { value: id, type: fc.constantFrom('User', 'Group'), display: text },
    { requiredKeys: ['value'] },
  )
  const change = fc.record(
    {
      op: fc.constantFrom('add', 'replace', 'remove'),
      path: fc.constantFrom('members', 'members[value eq "m1"]', 'members[type eq "User"]', 'members[value pr].type'),
      value: fc.oneof(member, fc.array(member, { maxLength: 3 }), id),
    },
    { requiredKeys: ['op', 'path'] },
  )
  await fc.assert(
    fc.asyncProperty(
      fc.array(member, { maxLength: 3 }),
      fc.array(change, { maxLength: 5 }),
      async (members, changes) => {
        const made = await server.post('/Groups', { schemas: [groupUrn], displayName: 'g', members } as JsonObject)
        expect(made.status).toBe(201)
        const path = `/Groups/${String(made.json.id)}`
        for (const one of changes) await server.patch(path, [one as JsonObject])
        await expectUnchanged(server, path)
      },
    ),
    effort(300, 30_000),
  )
})

async function expectUnchanged(server: ReturnType<typeof serve>, path: string): Promise<void> {
  const read = await server.get(path)
  const put = await server.put(path, read.json)
  expect([put.status, put.headers.ETag, put.json]).toEqual([200, read.headers.ETag, read.json])
}
