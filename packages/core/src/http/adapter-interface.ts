/**
 * The adapter interface: a web framework and the core exchange plain data. An adapter translates; status, headers,
 * parsing and limits are decided here in the core, so that all frameworks give the same bytes.
 */
import type { Limits } from '../limits.js'
import type { WaitUntil } from '../wait-until.js'
import type { MountParameters } from './url/base-path.js'

/** A request as an adapter passes it. */
export interface ScimRequest {
  /** As received, upper case: `GET`. */
  readonly method: string
  /** The request target as received, path and query, not decoded: `/scim/v2/Users?count=2`. */
  readonly target: string
  /** The part of the target's path under which SCIM is mounted, without slash at the end: `/scim/v2`, or ``. */
  readonly mount: string
  /** The values of the mount's parameters, decoded: `{ customer: 'acme' }` of `/scim/:customer/v2`. */
  readonly mountParameters?: MountParameters | undefined
  /**
   * True if the framework has rewritten the path below the mount, so that the address that the client used is not
   * known. `target` is then the rewritten one, and locations need the option `baseUrl`.
   */
  readonly mountHidden?: boolean | undefined
  /** The scheme of the connection to this server, `http` or `https`; the core handles `X-Forwarded-Proto`. */
  readonly scheme: string
  /** The Host header (`:authority`), as received. */
  readonly host: string | undefined
  /** A header by lower-case name; values of a repeated header joined by `, `. */
  header(name: string): string | undefined
  /**
   * True if the server's parser has reached the largest number of header fields that it keeps. It drops further fields
   * and reports nothing, so an `If-Match` or `Authorization` may be missing: the request is refused with 431. Absent
   * where the platform keeps every field or refuses the request by itself.
   */
  readonly headersMayBeMissing?: boolean
  /**
   * True if a body parser mounted before the adapter has read the stream: it has decoded the Content-Encoding and kept
   * the header, which then does not apply to the result of `body`. False if the body is still encoded as it was sent,
   * so that a Content-Encoding can be refused before anything is read. Without it the kind of the body decides: a
   * `parsed` body is decoded.
   */
  readonly bodyDecoded?: boolean
  /**
   * Called at most once, after routing and cheap preconditions. See {@link RequestBody}. `grown` is passed for a body
   * whose length was not announced: the adapter calls it with the number of bytes received, after each piece. If it
   * returns a promise, the adapter reads no more before that resolves, and rejects with its reason if it rejects.
   */
  body(limit: number, grown?: (bytes: number) => Promise<void> | undefined): Promise<RequestBody>
  /**
   * Fires when the client has disconnected. Read only by code that listens to it, so an adapter may create it on first
   * use.
   */
  readonly signal?: AbortSignal
  /**
   * The platform's, for this request, called without `this`. The core passes it the whole handling of the request and
   * the promises of asynchronous hooks. Absent where work continues without it.
   */
  readonly waitUntil?: WaitUntil | undefined
}

/**
 * The body as the adapter could read it. `bytes` when the adapter read the stream; `tooLarge` as soon as more than
 * `limit` bytes have been received (the adapter stops reading); `parsed` when a body parser mounted before the adapter
 * has consumed the stream, whatever its result. Rejects if the client disconnects in the middle.
 */
export type RequestBody =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'tooLarge' }
  | { readonly kind: 'parsed'; readonly value: unknown }

/** A response, ready to be written as it is: no framework may change the content type or add an ETag. */
export interface ScimResponse {
  readonly status: number
  /** By name in its usual spelling; one value each. */
  readonly headers: Readonly<Record<string, string>>
  /** Serialised already; null for answers without a body (204, 304, HEAD). */
  readonly body: string | null
}

/** A handler of paths of its own, beside the SCIM root: a token endpoint. Mounted at the root of an application. */
export interface HttpHandler {
  /** Whether a request target, path and query as received, is one that this handler answers. */
  matches(target: string): boolean
  /** Answers one request with such a target; never rejects. */
  handle(request: ScimRequest, native?: unknown): Promise<ScimResponse>
  /** For adapters: only the adapter can enforce some of them. */
  readonly limits: Limits
}
