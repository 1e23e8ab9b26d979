/** The traces of identity providers, and what a first look checks, against an application of examples/ that runs. */
import process from 'node:process'
import { type Exchange, traceContract, viaHttp } from '@scimkit/testkit'
import { traces } from 'traces'
import { check, playCases } from '../contract.js'
import { acmeToken } from '../setups.js'

const url = process.argv[2] ?? ''
const exchange: Exchange = viaHttp(url)
const authorization = { authorization: `Bearer ${acmeToken}` }
const json = { ...authorization, 'content-type': 'application/scim+json' }

const statusOf = async (...request: Parameters<Exchange>): Promise<number> => (await exchange(...request)).status

const created = await exchange({
  method: 'POST',
  path: '/Users',
  headers: json,
  body: JSON.stringify({
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
    userName: `first-look-${Date.now()}`,
  }),
})
const { id, meta } = JSON.parse(created.body ?? '{}') as { id: string; meta: { location: string; version: string } }
const path = `/Users/${id}`
const stale = await statusOf({
  method: 'PATCH',
  path,
  headers: { ...json, 'if-match': 'W/"0-stale"' },
  body: JSON.stringify({
    schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
    Operations: [{ op: 'replace', path: 'title', value: 'x' }],
  }),
})
const unchanged = await statusOf({ method: 'GET', path, headers: { ...authorization, 'if-none-match': meta.version } })
const unknown = await statusOf({ method: 'GET', path: '/Users' })

await playCases([
  check('example-location', 'locations are below the address that the client uses', () => meta.location === url + path),
  check('example-etag', 'the entity tag is that of the body', () => created.headers.etag === meta.version),
  check('example-stale', 'a stale write is 412', () => stale === 412),
  check('example-unchanged', 'a read with the current tag is 304', () => unchanged === 304),
  check('example-credentials', 'without credentials: 401', () => unknown === 401),
  ...traceContract(traces, exchange, { token: acmeToken }),
])
process.exit()
