/** The discovery documents. @see RFC 7644 §4; RFC 7643 §5, §6, §7 */
import type { Json } from '../answer.js'
import { type Client, enterpriseUrn, groupUrn, listUrn, userUrn } from '../client.js'
import {
  expectError,
  expectSame,
  expectStatus,
  expectTagIsVersion,
  expectThat,
  listAt,
  metaOf,
  objectAt,
} from '../expect.js'
import { must, on, should, type WireCase } from '../wire-case.js'

const places = ['/ServiceProviderConfig', '/ResourceTypes', '/Schemas'] as const

async function documents(client: Client, place: '/ResourceTypes' | '/Schemas'): Promise<readonly Json[]> {
  const list = listAt(expectStatus(await client.get(place), 200).json, 'Resources')
  expectThat(list.length > 0, `GET ${place}: expected Resources`)
  return list
}

const config: readonly WireCase[] = [
  must(
    'config-shape',
    'ServiceProviderConfig states for each feature whether it is supported',
    'RFC 7643 §5',
    async (client) => {
      const { json } = expectStatus(await client.get('/ServiceProviderConfig'), 200)
      expectSame(json.schemas, ['urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig'], 'schemas')
      for (const feature of ['patch', 'bulk', 'filter', 'changePassword', 'sort', 'etag']) {
        expectSame(typeof objectAt(json, feature).supported, 'boolean', `${feature}.supported is a boolean`)
      }
      for (const name of ['maxOperations', 'maxPayloadSize']) {
        expectThat(Number.isInteger(objectAt(json, 'bulk')[name]), `bulk.${name}: expected a whole number`)
      }
      expectThat(Number.isInteger(objectAt(json, 'filter').maxResults), 'filter.maxResults: expected a whole number')
      expectThat(Array.isArray(json.authenticationSchemes), 'authenticationSchemes: expected a list')
      for (const scheme of listAt(json, 'authenticationSchemes')) {
        for (const name of ['type', 'name', 'description'])
          expectSame(typeof scheme[name], 'string', `authenticationSchemes.${name}`)
      }
    },
  ),
  must('config-true', 'the features tested here are announced as supported', 'RFC 7643 §5', async (client) => {
    const supported = { supported: true }
    expectStatus(await client.get('/ServiceProviderConfig'), 200, {
      patch: supported,
      filter: supported,
      sort: supported,
      etag: supported,
    })
  }),
  should('me-501', '/Me without a host function is 501', 'RFC 7644 §3.11', async (client) => {
    expectError(await client.get('/Me'), 501)
  }),
  should('config-no-id-404', 'a path below ServiceProviderConfig is 404', 'RFC 7644 §4', async (client) => {
    expectError(await client.get('/ServiceProviderConfig/1'), 404)
  }),
]

const types: readonly WireCase[] = [
  must('types-list', 'ResourceTypes is a list of User and Group', 'RFC 7644 §4; RFC 7643 §6', async (client) => {
    const list = expectStatus(await client.get('/ResourceTypes'), 200, {
      schemas: [listUrn],
      Resources: [
        {
          name: 'User',
          endpoint: '/Users',
          schema: userUrn,
          schemaExtensions: [{ schema: enterpriseUrn, required: false }],
        },
        { name: 'Group', endpoint: '/Groups', schema: groupUrn },
      ],
    })
    expectSame(list.json.totalResults, listAt(list.json, 'Resources').length, 'totalResults')
  }),
  must(
    'types-one',
    'each resource type is read by its name, and has its URL',
    'RFC 7644 §4; RFC 7643 §6',
    async (client) => {
      for (const type of await documents(client, '/ResourceTypes')) {
        const one = expectStatus(await client.get(`/ResourceTypes/${String(type.name)}`), 200)
        expectSame(one.json, type, `ResourceTypes/${type.name}`)
        expectSame(type.schemas, ['urn:ietf:params:scim:schemas:core:2.0:ResourceType'], 'schemas')
        expectSame(objectAt(type, 'meta').resourceType, 'ResourceType', 'meta.resourceType')
        expectThat(String(objectAt(type, 'meta').location).endsWith(`/ResourceTypes/${type.name}`), 'meta.location')
      }
    },
  ),
  must('types-name-schemas', 'each resource type names existing schemas', 'RFC 7643 §6', async (client) => {
    const schemas = (await documents(client, '/Schemas')).map(({ id }) => id)
    for (const type of await documents(client, '/ResourceTypes')) {
      const named = [type.schema, ...listAt(type, 'schemaExtensions').map(({ schema }) => schema)]
      for (const urn of named) expectThat(schemas.includes(urn), `${type.name}: expected ${urn} among the schemas`)
    }
  }),
  must(
    'types-described',
    'each resource type has a name, a description and an endpoint',
    'RFC 7643 §6',
    async (client) => {
      for (const type of await documents(client, '/ResourceTypes')) {
        for (const name of ['name', 'description', 'endpoint', 'schema'])
          expectText(type, name, `ResourceTypes/${type.name}`)
        expectThat(String(type.endpoint).startsWith('/'), `ResourceTypes/${type.name}: endpoint is ${type.endpoint}`)
      }
    },
  ),
  must('types-unknown-404', 'an unknown resource type is 404', 'RFC 7644 §3.12', async (client) => {
    expectError(await client.get('/ResourceTypes/Device'), 404)
    expectError(await client.get('/ResourceTypes/user'), 404)
  }),
]

function expectText(document: Json, name: string, where: string): void {
  const value = document[name]
  expectThat(typeof value === 'string' && value !== '', `${where}: expected ${name}, saw ${String(value)}`)
}

const types2643 = ['string', 'boolean', 'decimal', 'integer', 'dateTime', 'binary', 'reference', 'complex']

function expectAttribute(attribute: Json, where: string, inComplex = false): void {
  const path = `${where}.${attribute.name}`
  for (const name of ['name', 'type', 'mutability', 'returned'])
    expectSame(typeof attribute[name], 'string', `${path}: ${name} is text`)
  for (const name of ['multiValued', 'required'])
    expectSame(typeof attribute[name], 'boolean', `${path}: ${name} is a boolean`)
  expectThat(types2643.includes(String(attribute.type)), `${path}: ${attribute.type} is no type`)
  expectThat(
    ['readOnly', 'readWrite', 'immutable', 'writeOnly'].includes(String(attribute.mutability)),
    `${path}: mutability`,
  )
  expectThat(['always', 'never', 'default', 'request'].includes(String(attribute.returned)), `${path}: returned`)
  if (attribute.type === 'reference')
    expectThat(Array.isArray(attribute.referenceTypes), `${path}: expected referenceTypes`)
  if (attribute.type !== 'complex') {
    expectSame(typeof attribute.caseExact, 'boolean', `${path}: caseExact is a boolean`)
    if (attribute.uniqueness !== undefined) {
      expectThat(['none', 'server', 'global'].includes(String(attribute.uniqueness)), `${path}: uniqueness`)
    }
    return
  }
  expectThat(!inComplex, `${path}: a sub-attribute may not be complex (RFC 7643 §2.3.8, erratum 8415)`)
  expectSame(attribute.uniqueness, undefined, `${path}: uniqueness of a complex attribute (erratum 6004)`)
  for (const sub of listAt(attribute, 'subAttributes')) expectAttribute(sub, path, true)
}

function attributeOf(schema: Json, name: string): Json {
  return listAt(schema, 'attributes').find((attribute) => attribute.name === name) ?? {}
}

const schemas: readonly WireCase[] = [
  must('schemas-list', 'Schemas is a list of all schemas', 'RFC 7644 §4; RFC 7643 §7', async (client) => {
    const list = expectStatus(await client.get('/Schemas'), 200, {
      schemas: [listUrn],
      Resources: [{ id: userUrn }, { id: groupUrn }, { id: enterpriseUrn }],
    })
    expectSame(list.json.totalResults, listAt(list.json, 'Resources').length, 'totalResults')
  }),
  must('schemas-one', 'each schema is read by its URN', 'RFC 7644 §4; RFC 7643 §7; erratum 8417', async (client) => {
    for (const schema of await documents(client, '/Schemas')) {
      const one = expectStatus(await client.get(`/Schemas/${String(schema.id)}`), 200)
      expectSame(one.json, schema, `Schemas/${schema.id}`)
      expectSame(schema.schemas, ['urn:ietf:params:scim:schemas:core:2.0:Schema'], 'schemas')
      expectSame(objectAt(schema, 'meta').resourceType, 'Schema', 'meta.resourceType')
      expectSame(typeof schema.name, 'string', 'name')
    }
  }),
  must(
    'schemas-described',
    'each schema and every attribute has a name and a description',
    'RFC 7643 §7',
    async (client) => {
      for (const schema of await documents(client, '/Schemas')) {
        for (const name of ['id', 'name', 'description']) expectText(schema, name, `Schemas/${schema.id}`)
        for (const attribute of listAt(schema, 'attributes')) {
          for (const one of [attribute, ...listAt(attribute, 'subAttributes')]) {
            for (const name of ['name', 'description']) expectText(one, name, `${schema.id}:${attribute.name}`)
          }
        }
      }
    },
  ),
  must(
    'schemas-canonical',
    'canonical values of the RFC are in the schema',
    'RFC 7643 §7, §8.7.1, §8.7.2',
    async (client) => {
      const { json } = await client.get(`/Schemas/${userUrn}`)
      for (const name of ['emails', 'phoneNumbers', 'ims', 'photos', 'addresses']) {
        const type = listAt(attributeOf(json, name), 'subAttributes').find((sub) => sub.name === 'type')
        const values = type?.canonicalValues
        expectThat(Array.isArray(values) && values.length > 1, `${name}.type: expected canonicalValues`)
      }
    },
  ),
  must('schemas-no-messages', 'protocol messages are not listed as schemas', 'RFC 7644 §3.1', async (client) => {
    for (const { id } of await documents(client, '/Schemas')) {
      expectThat(!String(id).toLowerCase().startsWith('urn:ietf:params:scim:api:'), `Schemas: expected no ${id}`)
    }
    expectError(await client.get(`/Schemas/${listUrn}`), 404)
  }),
  should(
    'schemas-urn-in-any-case',
    'a schema is read by its URN in any case, or percent-encoded',
    'RFC 8141 §3.1; RFC 3986 §2.1',
    async (client) => {
      expectStatus(await client.get(`/Schemas/${userUrn.toUpperCase()}`), 200, { id: userUrn })
      expectStatus(await client.get(`/Schemas/${encodeURIComponent(userUrn)}`), 200, { id: userUrn })
    },
  ),
  must('schemas-unknown-404', 'an unknown schema is 404', 'RFC 7644 §3.12', async (client) => {
    expectError(await client.get('/Schemas/urn:example:nothing'), 404)
  }),
  must(
    'schemas-attributes',
    'every attribute has all its characteristics, with valid values',
    'RFC 7643 §2.2, §7; errata 8415, 6004',
    async (client) => {
      for (const schema of await documents(client, '/Schemas')) {
        expectThat(listAt(schema, 'attributes').length > 0, `${schema.id}: expected attributes`)
        for (const attribute of listAt(schema, 'attributes')) expectAttribute(attribute, String(schema.id))
      }
    },
  ),
  must('schemas-user', 'userName is required, unique and ignores case', 'RFC 7643 §4.1.1, §8.7.1', async (client) => {
    const { json } = await client.get(`/Schemas/${userUrn}`)
    const { required, uniqueness, caseExact, type } = attributeOf(json, 'userName')
    expectSame(
      { required, uniqueness, caseExact, type },
      { required: true, uniqueness: 'server', caseExact: false, type: 'string' },
      'userName',
    )
    expectSame(attributeOf(json, 'groups').mutability, 'readOnly', 'mutability of groups')
    expectSame(attributeOf(json, 'emails').multiValued, true, 'multiValued of emails')
  }),
  must('schemas-group', 'displayName of a group is required', 'RFC 7643 §4.2; erratum 5368', async (client) => {
    expectSame(attributeOf((await client.get(`/Schemas/${groupUrn}`)).json, 'displayName').required, true, 'required')
  }),
  should('schemas-enterprise', 'manager.value is caseExact', 'RFC 7643 §4.3; erratum 8471', async (client) => {
    const manager = attributeOf((await client.get(`/Schemas/${enterpriseUrn}`)).json, 'manager')
    const value = listAt(manager, 'subAttributes').find(({ name }) => name === 'value')
    expectSame(value?.caseExact, true, 'caseExact of manager.value')
  }),
]

const all: readonly WireCase[] = [
  ...places.flatMap((place) => [
    must(
      `discovery${place.toLowerCase().replace('/', '-')}-filter-403`,
      `${place} refuses a filter`,
      'RFC 7644 §4',
      async (client) => {
        expectError(await client.get(`${place}?filter=${encodeURIComponent('id pr')}`), 403)
      },
    ),
    must(
      `discovery${place.toLowerCase().replace('/', '-')}-no-paging`,
      `${place} ignores sorting, paging and attributes`,
      'RFC 7644 §4',
      async (client) => {
        const plain = expectStatus(await client.get(place), 200)
        const asked = await client.get(`${place}?count=1&startIndex=2&sortBy=id&sortOrder=descending&attributes=id`)
        expectSame(asked.json, plain.json, place)
      },
    ),
    must(
      `discovery${place.toLowerCase().replace('/', '-')}-read-only`,
      `${place} accepts only reads`,
      'RFC 7644 §4; RFC 9110 §15.5.6',
      async (client) => {
        for (const answer of [
          await client.post(place, {}),
          await client.put(place, {}),
          await client.patch(place, []),
          await client.remove(place),
        ]) {
          expectError(answer, 405)
          expectThat((answer.headers.allow ?? '').includes('GET'), `${answer.about}: expected an Allow header with GET`)
        }
      },
    ),
    should(
      `discovery${place.toLowerCase().replace('/', '-')}-304`,
      `${place} has an ETag and is 304 to requests with it`,
      'RFC 7643 §3.1; RFC 9110 §13.1.2',
      async (client) => {
        const first = expectStatus(await client.get(place), 200)
        if (place === '/ServiceProviderConfig') expectTagIsVersion(first)
        expectThat(first.tag !== '', `${place}: expected an ETag`)
        const again = expectStatus(await client.get(place, { 'If-None-Match': first.tag }), 304)
        expectSame([again.tag, again.body], [first.tag, ''], 'ETag and body of the 304')
      },
    ),
  ]),
  must(
    'discovery-location',
    'meta.location of ServiceProviderConfig is its own URL',
    'RFC 7643 §3.1, §5',
    async (client) => {
      const { location, resourceType } = metaOf(await client.get('/ServiceProviderConfig'))
      expectThat(String(location).endsWith('/ServiceProviderConfig'), `meta.location: got ${location}`)
      expectSame(resourceType, 'ServiceProviderConfig', 'meta.resourceType')
    },
  ),
]

const open: readonly WireCase[] = on('publicDiscovery', [
  should(
    'discovery-public',
    'with public discovery, all of it can be read without credentials, and its ETags work',
    'RFC 7643 §5, §6, §7',
    async (client) => {
      for (const place of [...places, '/ResourceTypes/User', `/Schemas/${userUrn}`]) {
        const read = expectStatus(await client.get(place), 200)
        expectStatus(await client.get(place, { 'If-None-Match': read.tag }), 304)
        expectSame((await client.head(place)).tag, read.tag, `${place}: the ETag of HEAD`)
      }
      expectError(await client.get('/ResourceTypes/Nothing'), 404)
      expectError(await client.get(`/Schemas?filter=${encodeURIComponent('id pr')}`), 403)
    },
  ),
  must(
    'discovery-public-alone',
    'public discovery does not open other endpoints',
    'RFC 7644 §2; SEC-26',
    async (client) => {
      for (const answer of [
        await client.get('/Users'),
        await client.get('/Groups/x'),
        await client.get('/Me'),
        await client.get('/'),
        await client.get('/Schemas/x/y'),
        await client.post('/Schemas', {}),
        await client.post('/Users', {}),
        await client.post('/Bulk', {}),
        await client.post('/.search', {}),
      ]) {
        expectError(answer, 401)
      }
    },
  ),
  should(
    'discovery-public-wrong-token-401',
    'an invalid token is 401 there too, so that connection tests are reliable',
    'RFC 6750 §3.1',
    async (client) => {
      for (const place of places) expectError(await client.get(place, { Authorization: 'Bearer wrong' }), 401)
    },
  ),
])

/** Discovery. */
export const discovery: readonly WireCase[] = [...config, ...types, ...schemas, ...all, ...open]
