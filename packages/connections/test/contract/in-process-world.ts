/** A world without a network, on every runtime: the application is a `fetch` handler, and so is the issuer. */
import {
  type ConnectionPorts,
  type Connections,
  type ConnectionsOptions,
  connectionPorts,
  memoryRecords,
  scimConnections,
  webKeyFetcher,
} from '@scimkit/connections'
import { tenantFromPath } from '@scimkit/core'
import { fetchHandler, httpFetchHandler } from '@scimkit/fetch-http'
import { memoryProvider } from '@scimkit/memory-provider'
import { type OAuthAnswer, type OAuthCase, type TestIssuer, unreachable, type World } from './world.js'

/** Runs a case. Rejects if it fails. */
export async function runInProcess({ options = {}, run }: OAuthCase): Promise<void> {
  let now = Date.parse('2026-01-01T00:00:00.000Z')
  const issuer: TestIssuer = { origin: 'http://127.0.0.1', documents: new Map(), reads: [] }
  const reasons: string[] = []
  const ports: ConnectionPorts = {
    ...connectionPorts,
    now: () => now,
    elapsed: () => now,
    sleep: () => new Promise((resolve) => setTimeout(resolve, 0)),
  }
  const connections: Connections = scimConnections({
    store: memoryRecords(),
    issuer: 'https://scim.example/scim/:tenant',
    tenant: tenantFromPath(),
    keys: webKeyFetcher({ allow: [issuer.origin], fetch: async (url) => documentAt(issuer, new URL(url).pathname) }),
    ports,
    onRejected: (reason) => reasons.push(reason),
    ...options,
  } satisfies ConnectionsOptions)
  const { authenticate, authorize, tokenEndpoint } = connections
  const scim = fetchHandler({ basePath: '/scim/:tenant/v2', provider: memoryProvider(), authenticate, authorize })
  const application = httpFetchHandler(tokenEndpoint, scim)
  const world: World = {
    connections,
    issuer,
    now: () => now,
    pass: (milliseconds) => {
      now += milliseconds
    },
    reasons,
    send: async (method, path, headers = {}, body) => {
      const init = { method, headers, ...(body !== undefined && { body }) }
      return answerOf(await application(new Request(`https://scim.example${path}`, init)))
    },
  }
  await run(world)
}

async function documentAt({ documents, reads }: TestIssuer, path: string): Promise<Response> {
  reads.push(path)
  // As long as a network would need at least, so that other requests come meanwhile.
  await new Promise((resolve) => setTimeout(resolve, 5))
  const document = documents.get(path)
  if (document === unreachable) throw new TypeError('unreachable')
  const redirect = (document as { redirect?: string } | undefined)?.redirect
  if (redirect !== undefined) return new Response(null, { status: 302, headers: { location: redirect } })
  return new Response(JSON.stringify(document ?? {}), { status: document === undefined ? 404 : 200 })
}

/** A web response, read. */
export async function answerOf(response: Response): Promise<OAuthAnswer> {
  const text = await response.text()
  const json = text.startsWith('{') ? (JSON.parse(text) as Readonly<Record<string, unknown>>) : undefined
  return { status: response.status, header: (name) => response.headers.get(name) ?? undefined, text, json }
}
