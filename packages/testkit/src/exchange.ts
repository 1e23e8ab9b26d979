import type { ScimRequest, ScimResponse } from '@scimkit/core/adapter'

/** One request to a SCIM server. */
export interface ExchangeRequest {
  /** `GET`, `POST` … */
  readonly method: string
  /** Relative to the base URL, percent-encoded, with the query: `/Users?count=2`. Sent unchanged. */
  readonly path: string
  /** Sent unchanged; a list is a repeated header. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>
  readonly body?: string | Uint8Array
}

/** The response to an {@link ExchangeRequest}. */
export interface ExchangeResponse {
  readonly status: number
  /** By lower-case name; values of a repeated header joined by `, `. */
  readonly headers: Readonly<Record<string, string>>
  /** Empty if absent. */
  readonly body: string
}

/** Sends a request and returns the response; rejects only if there is no response. All contracts use an exchange. */
export type Exchange = (request: ExchangeRequest) => Promise<ExchangeResponse>

/** The apparent address of the server of {@link viaHandler}. */
export interface ViaHandlerOptions {
  /** The path under which SCIM is mounted. Default `/scim/v2`. */
  readonly mount?: string
  /** The values of the mount's parameters, of `/scim/:tenant/v2`. Default none. */
  readonly mountParameters?: Readonly<Record<string, string>>
  /** The Host header of requests without one. Default `scim.example`. */
  readonly host?: string
  /** The value passed as the framework's own request. Default undefined. */
  readonly native?: unknown
}

/** An exchange with a handler in this process, without HTTP: `viaHandler(createScim(options).handle)`. */
export function viaHandler(
  handle: (request: ScimRequest, native?: unknown) => Promise<ScimResponse>,
  { mount = '/scim/v2', mountParameters, host = 'scim.example', native }: ViaHandlerOptions = {},
): Exchange {
  return async (request) => {
    const headers = lowerCased(request.headers ?? {})
    const bytes = bytesOf(request.body)
    if (bytes !== undefined && !headers.has('content-length')) headers.set('content-length', String(bytes.length))
    const response = await handle(
      {
        method: request.method,
        target: `${mount}${request.path}`,
        mount,
        mountParameters,
        scheme: 'http',
        host: headers.get('host') ?? host,
        header: (name) => headers.get(name),
        bodyDecoded: false,
        body: async (limit) => {
          const body = bytes ?? new Uint8Array()
          return body.length > limit ? { kind: 'tooLarge' } : { kind: 'bytes', bytes: body }
        },
      },
      native,
    )
    return {
      status: response.status,
      headers: Object.fromEntries(lowerCased(response.headers)),
      body: response.body ?? '',
    }
  }
}

/** An exchange that adds these headers to every request that does not have them. */
export function withHeaders(exchange: Exchange, headers: Readonly<Record<string, string>>): Exchange {
  return (request) => {
    const own = lowerCased(request.headers ?? {})
    const missing = Object.entries(headers).filter(([name]) => !own.has(name.toLowerCase()))
    return exchange({ ...request, headers: { ...Object.fromEntries(missing), ...request.headers } })
  }
}

function lowerCased(headers: Readonly<Record<string, string | readonly string[]>>): Map<string, string> {
  const byName = new Map<string, string>()
  for (const [name, value] of Object.entries(headers)) {
    byName.set(name.toLowerCase(), typeof value === 'string' ? value : value.join(', '))
  }
  return byName
}

function bytesOf(body: string | Uint8Array | undefined): Uint8Array | undefined {
  return typeof body === 'string' ? new TextEncoder().encode(body) : body
}
