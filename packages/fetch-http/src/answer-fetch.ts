import type { Place, Scim, ScimRequest, WaitUntil } from '@scimkit/core'
import { headersMayBeMissing } from './header-limit.js'
import { readBody } from './read-body.js'
import { signalOf } from './signal-of.js'

/** What only the host knows of a request: where SCIM is, as `placeOf` finds it, and what has become of the body. */
export interface Mounted extends Omit<Place, 'inside'> {
  /** What somebody who read the body before has made of it, or its text; asked only if the body has been read already. */
  parsedBody(): unknown
  /** The platform's, as `waitUntilOf` finds it. */
  readonly waitUntil?: WaitUntil | undefined
}

/** Answers one web request; never rejects. `native` is what `authenticate` and a `provider` function are given. */
export async function answerFetch(scim: Scim, request: Request, mounted: Mounted, native: unknown): Promise<Response> {
  const { status, headers, body } = await scim.handle(scimRequest(request, mounted, native), native)
  return new Response(body, { status, headers })
}

function scimRequest(request: Request, mounted: Mounted, env: unknown): ScimRequest {
  const { url, method, headers } = request
  let signal: AbortSignal | undefined
  const afterScheme = url.indexOf('://') + 3
  const slash = url.indexOf('/', afterScheme)
  return {
    method,
    target: mounted.target,
    mount: mounted.mount,
    mountParameters: mounted.mountParameters,
    mountHidden: mounted.mountHidden,
    scheme: url.slice(0, afterScheme - 3),
    host: headers.get('host') ?? url.slice(afterScheme, slash === -1 ? undefined : slash),
    header: (name) => headers.get(name) ?? undefined,
    headersMayBeMissing: headersMayBeMissing(env),
    // Nothing undoes a Content-Encoding here: whoever reads a web Request reads what was sent.
    bodyDecoded: false,
    body: (limit, grown) => readBody(request, limit, mounted, grown),
    waitUntil: mounted.waitUntil,
    // Made on first use: hosts make it only when it is read, and Deno prints a warning then.
    get signal() {
      signal ??= signalOf(request, env)
      return signal
    },
  }
}
