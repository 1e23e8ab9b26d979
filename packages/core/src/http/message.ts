/**
 * The adapter door: what goes between a web framework and the core is plain data. An adapter translates; status,
 * headers, parsing and limits are decided here in the core, so that all frameworks give the same bytes.
 */
import type { WaitUntil } from '../wait-until.js'
import type { MountParameters } from './base-path.js'

/** A request as an adapter hands it in. */
export interface ScimRequest {
  /** As received, upper case: `GET`. */
  readonly method: string
  /** The request target as received, path and query, not decoded: `/scim/v2/Users?count=2`. */
  readonly target: string
  /** The part of the target's path under which SCIM is mounted, without slash at the end: `/scim/v2`, or ``. */
  readonly mount: string
  /** What the parameters of the mount have matched, decoded: `{ customer: 'acme' }` of `/scim/:customer/v2`. */
  readonly mountParameters?: MountParameters | undefined
  /**
   * True if the framework has rewritten the path below the mount, so that nobody knows at which address the client has
   * found us. `target` is then the rewritten one, and locations need the option `baseUrl`.
   */
  readonly mountHidden?: boolean | undefined
  /** Of the connection to us, `http` or `https`; `X-Forwarded-Proto` is the core's business. */
  readonly scheme: string
  /** The Host header (`:authority`), as received. */
  readonly host: string | undefined
  /** A header by lower-case name; values of a repeated header joined by `, `. */
  header(name: string): string | undefined
  /**
   * True if the server's parser has reached the largest number of header fields that it keeps. It drops further fields and
   * reports nothing, so an `If-Match` or `Authorization` may be missing: the request is refused with 431. Absent where
   * the platform keeps every field or refuses the request by itself.
   */
  readonly headersMayBeMissing?: boolean
  /**
   * True if a body parser mounted before us has read the stream: it has undone the Content-Encoding and left the header,
   * which then says nothing of what `body` gives. False if the body comes as it was sent, so that a Content-Encoding can
   * be refused before anything is read. Without it the kind of the body decides: what is `parsed` is decoded.
   */
  readonly bodyDecoded?: boolean
  /**
   * Called at most once, after routing and cheap preconditions. See {@link RequestBody}. `grown` is given for a body whose
   * length was not announced: the adapter calls it with the number of bytes that have come, after each piece. If it
   * returns a promise, the adapter takes no more before that resolves, and rejects with what that rejects with.
   */
  body(limit: number, grown?: (bytes: number) => Promise<void> | undefined): Promise<RequestBody>
  /** Fires when the client has gone. Read only by what listens to it, so an adapter may make it on first use. */
  readonly signal?: AbortSignal
  /**
   * The platform's, for this request, called without `this`. The core hands it the whole handling of the request and what
   * asynchronous hooks return. Absent where work goes on by itself.
   */
  readonly waitUntil?: WaitUntil | undefined
}

/**
 * The body as the adapter could get it. `bytes` when the stream was ours to read; `tooLarge` as soon as more than
 * `limit` bytes have come (the adapter stops reading); `parsed` when a body parser mounted before us has consumed the
 * stream, whatever it made of it. Rejects if the client goes away in the middle.
 */
export type RequestBody =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'tooLarge' }
  | { readonly kind: 'parsed'; readonly value: unknown }

/** An answer, ready to be written as it is: no framework may restyle the content type or add an ETag. */
export interface ScimResponse {
  readonly status: number
  /** By name in its usual spelling; one value each. */
  readonly headers: Readonly<Record<string, string>>
  /** Serialised already; null for answers without a body (204, 304, HEAD). */
  readonly body: string | null
}
