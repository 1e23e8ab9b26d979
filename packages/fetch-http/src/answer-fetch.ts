import type { Scim, WaitUntil } from '@scimkit/core'
import type { MountLocation, ScimRequest } from '@scimkit/core/adapter'
import { headersMayBeMissing } from './header-limit.js'
import { readBody } from './read-body.js'
import { signalOf } from './signal-of.js'

/** The data of a request that only the host has: the SCIM path, as `placeOf` returns it, and a body that was read before. */
export interface Mounted extends Omit<MountLocation, 'inside'> {
  /** The parsed body of an earlier reader, or its text; called only if the body has been read already. */
  parsedBody(): unknown
  /** `waitUntil` of the platform, as `waitUntilOf` returns it. */
  readonly waitUntil?: WaitUntil | undefined
}

/** Answers one web request; never rejects. `native` is passed to `authenticate` and to a `provider` function. */
export async function answerFetch<Native>(
  scim: Pick<Scim<Native>, 'handle' | 'limits'>,
  request: Request,
  mounted: Mounted,
  native: Native,
): Promise<Response> {
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
    // No platform decodes a Content-Encoding: a reader of a web Request gets the bytes that the client sent.
    bodyDecoded: false,
    body: (limit, grown) => readBody(request, limit, mounted, grown),
    waitUntil: mounted.waitUntil,
    // Created on first use: hosts create the signal only when it is read, and Deno prints a warning then.
    get signal() {
      signal ??= signalOf(request, env)
      return signal
    },
  }
}
