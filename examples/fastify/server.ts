/** SCIM in a Fastify application, with a bearer token and SQLite. */
import fastifyExpress from '@fastify/express'
import { bearerToken } from '@scimkit/core'
import { scimRouter } from '@scimkit/express-adapter'
import { sqliteProvider } from '@scimkit/sql-provider/sqlite'
import fastify from 'fastify'

// 32 characters or more: openssl rand -hex 32
const { SCIM_TOKEN = '', SCIM_DATA = 'people.db', PORT = '3000' } = process.env

const provider = sqliteProvider(SCIM_DATA)
const app = fastify()
await app.register(fastifyExpress)
// Before every body parser of Fastify: ScimKit reads the body itself.
app.use('/scim/v2', scimRouter({ provider, authenticate: bearerToken(SCIM_TOKEN), interop: 'entra' }))
app.get('/', async () => 'SCIM is at /scim/v2')

app.addHook('onClose', () => provider.close())
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void app.close())
await app.listen({ host: '127.0.0.1', port: Number(PORT) })
console.log(`SCIM is at http://127.0.0.1:${PORT}/scim/v2`)
