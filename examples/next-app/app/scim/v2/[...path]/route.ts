/** SCIM as a route handler of Next.js, with a bearer token and SQLite. */
import { bearerToken } from '@scimkit/core'
import { fetchHandler } from '@scimkit/fetch-http'
import { sqliteProvider } from '@scimkit/sql-provider/sqlite'

// 32 characters or more: openssl rand -hex 32. Read for each request, because `next build` has no secrets.
const authenticate = bearerToken(() => process.env.SCIM_TOKEN ?? '')

const scim = fetchHandler({
  basePath: '/scim/v2',
  provider: () => store(),
  authenticate,
  interop: 'entra',
})

let opened: ReturnType<typeof sqliteProvider> | undefined

// Opened by the first request: `next build` runs this module too.
function store(): ReturnType<typeof sqliteProvider> {
  opened ??= sqliteProvider(process.env.SCIM_DATA ?? 'people.db')
  return opened
}

const handler = (request: Request): Promise<Response> => scim(request)

export { handler as DELETE, handler as GET, handler as HEAD, handler as PATCH, handler as POST, handler as PUT }
