/** A process of its own with a token endpoint on a database: sends one request for each line that it reads, and prints the statuses. */
import { createInterface } from 'node:readline'
import { postgresProvider } from '@scimkit/sql-provider/postgres'
import { sqliteProvider } from '@scimkit/sql-provider/sqlite'
import { scimConnections } from '../../src/scim-connections/scim-connections.js'

const [, , database = ''] = process.argv
const provider = database.startsWith('postgres') ? postgresProvider(database) : sqliteProvider(database)
const { tokenEndpoint } = scimConnections({
  store: provider.records,
  issuer: 'https://scim.example/scim/:tenant',
  tokenRates: { client: { perSecond: 1_000, burst: 10_000 }, failures: { perSecond: 1_000, burst: 10_000 } },
})

async function statusOf(body: string): Promise<number> {
  const answer = await tokenEndpoint.handle({
    method: 'POST',
    target: '/scim/acme/oauth/token',
    mount: '',
    scheme: 'https',
    host: 'scim.example',
    header: (name) => (name === 'content-type' ? 'application/x-www-form-urlencoded' : undefined),
    body: async () => ({ kind: 'bytes', bytes: new TextEncoder().encode(body) }),
  })
  return answer.status
}

console.log('ready')
for await (const line of createInterface({ input: process.stdin })) {
  const bodies: readonly string[] = JSON.parse(line)
  console.log(JSON.stringify(await Promise.all(bodies.map(statusOf))))
}
