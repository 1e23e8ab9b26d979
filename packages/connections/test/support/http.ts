/** A SCIM server with connections, asked as an adapter would ask it. */
import { type Authenticator, createScim, type ScimOptions } from '@scimkit/core'
import type { ScimRequest } from '@scimkit/core/adapter'
import { memoryProvider } from '@scimkit/memory-provider'

export interface HttpAnswer {
  readonly status: number
  /** Without `X-Request-Id`, which differs for each request. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | null
}

export type Ask = (
  method: string,
  path: string,
  headers?: Readonly<Record<string, string>>,
  body?: unknown,
) => Promise<HttpAnswer>

/** A server mounted at `/scim/:tenant/v2`, with one directory for all calls. */
export function httpServer(options: Partial<ScimOptions> & { readonly authenticate: Authenticator }): Ask {
  const scim = createScim({ provider: memoryProvider(), ...options })
  return async (method, path, headers = {}, body) => {
    const [, , tenant = ''] = path.split('/')
    const sent: Record<string, string> = { 'content-type': 'application/scim+json', ...headers }
    const request: ScimRequest = {
      method,
      target: path,
      mount: `/scim/${tenant}/v2`,
      mountParameters: { tenant },
      scheme: 'https',
      host: 'scim.example',
      header: (name) => sent[name],
      body: async () => ({ kind: 'bytes', bytes: new TextEncoder().encode(JSON.stringify(body ?? {})) }),
    }
    const answer = await scim.handle(request)
    const { 'X-Request-Id': _, ...rest } = answer.headers
    return { status: answer.status, headers: rest, body: answer.body }
  }
}

export const bearer = (token: string): Readonly<Record<string, string>> => ({ authorization: `Bearer ${token}` })
