import { getRequestListener } from '@hono/node-server'
import { expect, test } from '@jest/globals'
import { noAuthentication, tenantId } from '@scimkit/core'
import { fetchHandler } from '@scimkit/fetch-http'
import { memoryProvider } from '@scimkit/memory-provider'
import { bindMounts } from '../../../testkit/test/support/adapter-behaviour.js'

bindMounts('fetch on Node', {
  'at the root': ['', (options) => getRequestListener(fetchHandler(options))],
  'with a base path': [
    '/scim/v2',
    (options) => getRequestListener(fetchHandler({ ...options, basePath: '/scim/v2/' })),
  ],
  'with a parameter in the base path': [
    '/scim/a%20b/v2',
    (options) => getRequestListener(fetchHandler({ ...options, basePath: '/scim/:customer/v2' })),
  ],
})

test('authenticate receives the decoded value of a mount parameter', async () => {
  const seen: unknown[] = []
  const handler = fetchHandler({
    provider: memoryProvider(),
    basePath: '/scim/:customer/v2',
    authenticate: ({ mountParameters }) => {
      seen.push(mountParameters)
      return { tenant: tenantId('one') }
    },
  })
  const status = async (path: string): Promise<number> =>
    (await handler(new Request(`http://scim.example${path}`))).status
  expect(await status('/scim/a%20b/v2/Users')).toBe(200)
  for (const path of [
    '/scim//v2/Users',
    '/scim/v2/Users',
    '/scim/a%2Fb/v2/Users',
    '/scim/a/b/v2/Users',
    '/SCIM/a/v2/Users',
  ]) {
    expect(await status(path)).toBe(404)
  }
  expect(seen).toEqual([{ customer: 'a b' }, undefined, undefined, undefined, undefined, undefined])
})

test('if the platform passes only URLs, dot segments are removed before the adapter runs; other spellings are 404', async () => {
  const handler = fetchHandler({ provider: memoryProvider(), authenticate: noAuthentication(), basePath: '/scim/v2' })
  const answers = async (path: string): Promise<number> =>
    (await handler(new Request(`http://scim.example${path}`))).status
  expect(await answers('/scim/v2/./Users')).toBe(200)
  expect(await answers('/scim/v2/%2e%2e/v2/Users')).toBe(200)
  for (const path of ['/sc%69m/v2/Users', '/SCIM/v2/Users', '//scim/v2/Users']) expect(await answers(path)).toBe(404)
})
