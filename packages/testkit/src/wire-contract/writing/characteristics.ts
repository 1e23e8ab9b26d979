/** Every characteristic and every data type, tested with a custom type. @see RFC 7643 §2.2, §2.3, §7; RFC 7644 §3.5 */
import type { Answer, Json } from '../answer.js'
import { type Client, uniqueName } from '../client.js'
import { expectAbsent, expectError, expectSame, expectStatus, listAt, metaOf, objectAt } from '../expect.js'
import { remove, replace } from '../patch-operations.js'
import { deviceUrn, warrantyUrn } from '../sample-type.js'
import { must, on, should, type WireCase } from '../wire-case.js'

const until = '2030-01-01T00:00:00Z'
const body = (attributes: Json = {}): Json => ({
  schemas: [deviceUrn, warrantyUrn],
  serialNumber: uniqueName('SN'),
  [warrantyUrn]: { until },
  ...attributes,
})

interface Device extends Answer {
  readonly path: string
  readonly sent: Json
}

async function make(client: Client, attributes: Json = {}): Promise<Device> {
  const sent = body(attributes)
  const answer = expectStatus(await client.post('/Devices', sent), 201)
  return { ...answer, path: `/Devices/${String(answer.json.id)}`, sent }
}

// ── data types ───────────────────────────────────────────────────────────────────────────────────────────────────

const values: Json = {
  label: 'A label',
  code: 'Ab',
  weight: 1.5,
  ports: 10,
  online: false,
  bought: '2011-05-13T04:42:34.5+02:00',
  picture: 'AAECAw==',
  manual: 'https://example.com/manual',
  colours: ['red', 'green'],
}

const wrong: readonly (readonly [string, Json])[] = [
  ['integer-fraction', { ports: 1.5 }],
  ['integer-text', { ports: '10' }],
  ['decimal-text', { weight: '1.5' }],
  ['boolean-number', { online: 1 }],
  ['date-alone', { bought: '2011-05-13' }],
  ['time-alone', { bought: '04:42:34Z' }],
  ['date-that-is-none', { bought: '2011-02-30T00:00:00Z' }],
  ['binary-not-base64', { picture: 'not base64!' }],
  ['reference-number', { manual: 5 }],
  ['list-of-objects', { colours: [{ value: 'red' }] }],
  ['list-for-text', { label: ['a', 'b'] }],
  ['object-for-text', { label: { value: 'a' } }],
]

const types: readonly WireCase[] = [
  must('type-values', 'a value of every type is returned as it was sent', 'RFC 7643 §2.3', async (client) => {
    const { path } = await make(client, values)
    const { json } = expectStatus(await client.get(path), 200)
    for (const [name, value] of Object.entries(values)) expectSame(json[name], value, name)
  }),
  ...wrong.map(([id, attributes]) =>
    must(`type-${id}-400`, 'a value of another type is 400 invalidValue', 'RFC 7643 §2.3', async (client) => {
      expectError(await client.post('/Devices', body(attributes)), 400, 'invalidValue')
    }),
  ),
  must(
    'type-numbers-are-numbers',
    'numbers are compared and sorted as numbers',
    'RFC 7644 §3.4.2.2, §3.4.2.3',
    async (client) => {
      const label = uniqueName()
      for (const ports of [9, 10, 100]) await make(client, { label, ports, weight: ports / 10 })
      const found = await client.find(
        '/Devices',
        `label eq "${label}" and ports gt 9 and weight lt 10.5`,
        '&sortBy=ports',
      )
      expectSame(
        listAt(found.json, 'Resources').map(({ ports }) => ports),
        [10, 100],
        'ports',
      )
    },
  ),
  must(
    'type-dates-are-times',
    'dates are compared and sorted as points in time, in any time zone',
    'RFC 7644 §3.4.2.2, §3.4.2.3; RFC 7643 §2.3.5',
    async (client) => {
      const label = uniqueName()
      const days = ['2011-05-13T01:00:00+02:00', '2011-05-13T00:00:00Z', '2011-05-12T22:30:00-01:00']
      for (const bought of days) await make(client, { label, bought })
      const found = await client.find(
        '/Devices',
        `label eq "${label}" and bought gt "2011-05-12T23:15:00Z"`,
        '&sortBy=bought',
      )
      expectSame(
        listAt(found.json, 'Resources').map(({ bought }) => bought),
        [days[2], days[1]],
        'bought',
      )
    },
  ),
  must(
    'type-case',
    'text is compared according to caseExact, and its case is preserved',
    'RFC 7643 §2.2, §7; RFC 7644 §3.4.2.2',
    async (client) => {
      const [label, code] = [`Label-${uniqueName()}`, `Code-${uniqueName()}`]
      const { json } = await make(client, { label, code })
      expectSame([json.label, json.code], [label, code], 'label and code')
      const total = async (filter: string) => (await client.find('/Devices', filter)).json.totalResults
      expectSame(await total(`label eq "${label.toUpperCase()}"`), 1, 'label in another case')
      expectSame(await total(`code eq "${code.toUpperCase()}"`), 0, 'code in another case')
      expectSame(await total(`code sw "${code.slice(0, -1)}"`), 1, 'the start of code')
    },
  ),
]

// ── required, unique ─────────────────────────────────────────────────────────────────────────────────────────────

const required: readonly WireCase[] = [
  must(
    'required-attribute-400',
    'POST and PUT without a required attribute are 400, also of a required extension',
    'RFC 7643 §2.2, §6; RFC 7644 §3.5.1',
    async (client) => {
      const { path, sent } = await make(client)
      const lacking: readonly Json[] = [
        { ...sent, serialNumber: null },
        { ...sent, [warrantyUrn]: undefined },
        { ...sent, [warrantyUrn]: { seller: 'x' } },
        { ...sent, [warrantyUrn]: {} },
      ]
      for (const one of lacking) {
        expectError(await client.post('/Devices', one), 400, 'invalidValue')
        if (one.serialNumber !== null) expectError(await client.put(path, one), 400, 'invalidValue')
      }
    },
  ),
  must(
    'required-not-removed-400',
    'a PATCH cannot remove a required attribute',
    'RFC 7644 §3.5.2.2; RFC 7643 §6',
    async (client) => {
      const { path, tag } = await make(client)
      for (const target of [warrantyUrn, `${warrantyUrn}:until`]) {
        expectError(await client.patch(path, remove(target)), 400, ['mutability', 'invalidValue'])
      }
      expectSame((await client.get(path)).tag, tag, 'the ETag')
    },
  ),
  must(
    'required-extension-shown',
    'ResourceTypes shows that the extension is required, and schemas of a resource contains it',
    'RFC 7643 §3, §6',
    async (client) => {
      const type = expectStatus(await client.get('/ResourceTypes/Device'), 200)
      expectSame(listAt(type.json, 'schemaExtensions'), [{ schema: warrantyUrn, required: true }], 'schemaExtensions')
      expectSame((await make(client)).json.schemas, [deviceUrn, warrantyUrn], 'schemas')
    },
  ),
  must(
    'unique-409',
    'a duplicate of a unique value is 409 uniqueness; with caseExact, another case is another value',
    'RFC 7643 §2.2, §7; RFC 7644 §3.3',
    async (client) => {
      const { sent } = await make(client)
      expectError(await client.post('/Devices', sent), 409, 'uniqueness')
      await make(client, { serialNumber: String(sent.serialNumber).toLowerCase() })
    },
  ),
]

// ── mutability ───────────────────────────────────────────────────────────────────────────────────────────────────

const mutability: readonly WireCase[] = [
  must(
    'immutable-set-once',
    'an immutable attribute accepts its first value at any time, and keeps it',
    'RFC 7643 §2.2; RFC 7644 §3.5.1, §3.5.2',
    async (client) => {
      const { path, sent } = await make(client)
      expectStatus(await client.put(path, { ...sent, maker: 'M' }), 200, { maker: 'M' })
      expectStatus(await client.put(path, { ...sent, maker: 'M', label: 'x' }), 200, { maker: 'M' })
      expectStatus(await client.put(path, sent), 200, { maker: 'M' })
      const other = await make(client)
      expectStatus(await client.patch(`${other.path}?attributes=maker`, replace('maker', 'N')), 200, { maker: 'N' })
    },
  ),
  must(
    'immutable-changed-400',
    'another value of an immutable attribute is 400 mutability, in PUT and PATCH, and so is removing it',
    'RFC 7644 §3.5.1, §3.5.2',
    async (client) => {
      const { path, tag, sent } = await make(client, { maker: 'M' })
      expectError(await client.put(path, { ...sent, maker: 'N' }), 400, 'mutability')
      expectError(await client.patch(path, replace('maker', 'N')), 400, 'mutability')
      expectError(await client.patch(path, { op: 'add', value: { maker: 'N' } }), 400, 'mutability')
      expectSame((await client.get(path)).tag, tag, 'the ETag')
    },
  ),
  must(
    'read-only-ignored',
    'a readOnly attribute is ignored in POST and PUT, and never set by a PATCH',
    'RFC 7644 §3.3, §3.5.1, §3.5.2; RFC 7643 §2.2',
    async (client) => {
      const { path, sent, json } = await make(client, { firmware: 'mine' })
      expectSame(json.firmware, undefined, 'firmware')
      expectStatus(await client.put(path, { ...sent, firmware: 'mine', label: 'x' }), 200)
      await client.change(path, [{ op: 'add', value: { firmware: 'mine' } }])
      expectStatus(await client.patch(path, replace('firmware', 'mine')), [200, 204, 400])
      expectAbsent(await client.get(path), 'firmware')
    },
  ),
  must(
    'write-only-never-shown',
    'a writeOnly attribute is in no response, and not available to filters and sorting',
    'RFC 7643 §2.2, §7; RFC 7644 §3.9; SEC-11',
    async (client) => {
      const { path, sent, json, tag } = await make(client, { pin: 'secret-1' })
      expectSame(json.pin, undefined, 'pin in the answer to POST')
      for (const query of ['', '?attributes=pin', '?excludedAttributes=label', `?attributes=${deviceUrn}:pin`]) {
        expectAbsent(expectStatus(await client.get(`${path}${query}`), 200), 'pin')
      }
      const put = expectStatus(await client.put(`${path}?attributes=pin,label`, { ...sent, pin: 'secret-2' }), 200)
      expectAbsent(put, 'pin')
      await client.change(path, replace('pin', 'secret-3'))
      expectSame(tag === (await client.get(path)).tag, false, 'the ETag changed')
      expectError(await client.get(`/Devices?filter=${encodeURIComponent('pin eq "secret-3"')}`), 403, 'sensitive')
      expectError(await client.get('/Devices?sortBy=pin'), 403, 'sensitive')
    },
  ),
]

// ── returned ─────────────────────────────────────────────────────────────────────────────────────────────────────

const returned: readonly WireCase[] = [
  must(
    'returned-on-request-read',
    'an attribute returned on request is only in responses to requests that name it',
    'RFC 7643 §2.2; RFC 7644 §3.9',
    async (client) => {
      const { path } = await make(client, { notes: 'N' })
      expectAbsent(await client.get(path), 'notes')
      expectAbsent(await client.get(`${path}?excludedAttributes=label`), 'notes')
      expectSame((await client.get(`${path}?attributes=notes`)).json.notes, 'N', 'notes')
      const list = await client.get(`/Devices?filter=${encodeURIComponent('notes eq "N"')}`)
      for (const device of listAt(list.json, 'Resources')) expectSame(device.notes, undefined, 'notes in a list')
    },
  ),
  must(
    'returned-on-request-write',
    'an attribute returned on request is in the response to the write that contains it',
    'RFC 7643 §2.2, §7',
    async (client) => {
      const { path, json, sent } = await make(client, { notes: 'N' })
      expectSame(json.notes, 'N', 'notes in the answer to POST')
      expectSame((await client.put(path, { ...sent, notes: 'O' })).json.notes, 'O', 'notes in the answer to PUT')
      const patched = await client.patch(path, replace('notes', 'P'), { Prefer: 'return=representation' })
      expectSame(patched.json.notes, 'P', 'notes in the answer to PATCH')
      const other = await client.patch(path, replace('label', 'x'), { Prefer: 'return=representation' })
      expectSame(other.json.notes, undefined, 'notes in the answer to a PATCH of something else')
    },
  ),
  must(
    'returned-always',
    'an attribute that is always returned is in every response',
    'RFC 7643 §2.2; RFC 7644 §3.4.2.5, §3.9',
    async (client) => {
      const { path } = await make(client, { tag: 'T', label: 'L' })
      for (const query of ['', '?attributes=label', '?attributes=nothing', '?excludedAttributes=tag,id,schemas']) {
        const { json } = expectStatus(await client.get(`${path}${query}`), 200)
        expectSame([json.tag, typeof json.id, json.schemas], ['T', 'string', [deviceUrn, warrantyUrn]], query)
      }
    },
  ),
]

const references: readonly WireCase[] = [
  must(
    'reference-of-an-extended-type',
    'a reference is identified by its id: $ref is the URL of the resource, whatever was sent',
    'RFC 7643 §2.3.7, §2.4',
    async (client) => {
      const user = await client.makeUser()
      const owner = { value: user.id, $ref: 'https://elsewhere.example/Users/1' }
      const { json, path } = await make(client, { owner })
      for (const shown of [json, (await client.get(path)).json]) {
        expectSame(objectAt(shown, 'owner'), { value: user.id, $ref: metaOf(user).location }, 'owner')
      }
    },
  ),
  should(
    'schema-of-an-own-type',
    '/Schemas has every characteristic of a custom type',
    'RFC 7643 §7',
    async (client) => {
      const schema = expectStatus(await client.get(`/Schemas/${deviceUrn}`), 200)
      const attributes = Object.fromEntries(listAt(schema.json, 'attributes').map((one) => [one.name, one]))
      expectStatus(schema, 200, { id: deviceUrn, name: 'Device', meta: { resourceType: 'Schema' } })
      const expected: Json = {
        serialNumber: {
          type: 'string',
          required: true,
          caseExact: true,
          mutability: 'immutable',
          uniqueness: 'server',
        },
        pin: { mutability: 'writeOnly', returned: 'never' },
        notes: { returned: 'request' },
        tag: { returned: 'always' },
        firmware: { mutability: 'readOnly' },
        weight: { type: 'decimal' },
        ports: { type: 'integer' },
        picture: { type: 'binary' },
        bought: { type: 'dateTime' },
        manual: { type: 'reference', referenceTypes: ['external'] },
        colours: { multiValued: true, canonicalValues: ['red', 'green'] },
        owner: { type: 'complex' },
      }
      for (const [name, characteristics] of Object.entries(expected)) {
        for (const [characteristic, value] of Object.entries(characteristics as Json)) {
          expectSame(objectAt(attributes, name)[characteristic], value, `${name}.${characteristic}`)
        }
      }
    },
  ),
]

/** Characteristics and data types. */
export const characteristics: readonly WireCase[] = on('servesSampleType', [
  ...types,
  ...required,
  ...mutability,
  ...returned,
  ...references,
])
