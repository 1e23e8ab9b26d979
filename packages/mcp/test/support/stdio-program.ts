/** The tools of one tenant over stdio: `memory`, or the base URL of a server and its token. */
import { createClient } from '@scimkit/client'
import { createScim, tenantId } from '@scimkit/core'
import { memoryProvider } from '@scimkit/memory-provider'
import { serveMcpStdio } from '../../src/stdio.js'

const [place = '', token = ''] = process.argv.slice(2)
const scim = createScim({ provider: memoryProvider({ history: 20 }) })
const server =
  place === 'memory'
    ? serveMcpStdio({
        kind: 'local',
        scim,
        context: scim.context({ tenant: tenantId('acme'), principal: 'agent' }),
        supportsIdempotencyKeys: true,
      })
    : serveMcpStdio({ kind: 'remote', client: createClient(place, { token }), supportsIdempotencyKeys: true })
await server.ended
