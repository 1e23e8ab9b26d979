import { fetchHandler } from '@scimkit/fetch-http'
import { bindAdapter } from '../../../testkit/test/support/bind-adapter.js'
import { viaFetch } from '../../../testkit/test/support/via-fetch.js'
import { webWaivers } from '../../../testkit/test/support/web-waivers.js'

await bindAdapter('fetch', (options) => viaFetch(fetchHandler({ ...options, basePath: '/scim/v2' })), [
  ...webWaivers,
  { id: 'TRACE /Users', reason: 'there is no web Request with this method (Fetch §2.2.1)' },
  { id: 'GET with a body', reason: 'there is no web Request like this (Fetch §5.4)' },
])
