import type { Exchange } from '@scimkit/testkit'

/** An exchange with a `fetch` handler in this process, as a host of web requests would call it. */
export function viaFetch(
  fetch: (request: Request) => Response | Promise<Response>,
  baseUrl = 'http://scim.example/scim/v2',
): Exchange {
  return async ({ method, path, headers = {}, body }) => {
    const sent = new Headers({ host: new URL(baseUrl).host })
    const names = Object.keys(headers)
    if (body !== undefined && !names.some((name) => name.toLowerCase() === 'content-length')) {
      sent.set('content-length', String(new TextEncoder().encode(String(body)).length))
    }
    for (const name of names) sent.delete(name)
    for (const [name, value] of Object.entries(headers)) {
      for (const one of typeof value === 'string' ? [value] : value) sent.append(name, one)
    }
    // Bytes, so that no Content-Type is added.
    const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body
    const request = new Request(`${baseUrl}${path}`, {
      method,
      headers: sent,
      ...(bytes !== undefined && { body: bytes as Uint8Array<ArrayBuffer> }),
    })
    const response = await fetch(request)
    return { status: response.status, headers: Object.fromEntries(response.headers), body: await response.text() }
  }
}
