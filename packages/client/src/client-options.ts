/** The options of the client and of its calls, with their defaults. */
import type { ClientPorts } from './client-ports.js'

/** The `fetch` of the platform, or a compatible function: an in-process server of a test, a proxy, a logging wrapper. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>

/** The options of `createClient`; all are optional. */
export interface ClientOptions {
  /** Sent as `Authorization: Bearer …`; a function is called before each request, so that tokens can be renewed. */
  readonly token?: string | (() => string | Promise<string>)
  /** Sent with every request. */
  readonly headers?: Readonly<Record<string, string>>
  /** Default: the platform's `fetch`. */
  readonly fetch?: Fetch
  /** Milliseconds that one request may take, response included; 30,000 by default, 0 for no limit. */
  readonly timeout?: number
  /**
   * Size of the cache of resources that were read; the least recently used entries are evicted first. It keeps the tags of
   * up to `resources` resources (10,000), which writes by id alone send as `If-Match`, and representations of up to
   * `characters` characters in total (8 Mi), which are returned after a 304. `false`: tags only, no representations.
   */
  readonly cache?: { readonly resources?: number; readonly characters?: number } | false
  /** The default of `ifMatch` of writes: see {@link WriteOptions}. Default `known`. */
  readonly ifMatch?: 'known' | false
  /**
   * True if an error of `fetch` proves that the server has not received the request. Default: the errors of Node, Bun and
   * Deno that report that no connection was established.
   */
  readonly isNotSent?: (error: unknown) => boolean
  /** Clock, random numbers and sleep; those of the platform by default. */
  readonly ports?: Partial<ClientPorts>
}

/** Options of any call. */
export interface CallOptions {
  /** Aborts the call: with `aborted` for reads and unsent writes, with `unknownOutcome` for a write in flight. */
  readonly signal?: AbortSignal
}

/** Which attributes the response contains. @see RFC 7644 §3.9 */
export interface ProjectionOptions {
  readonly attributes?: readonly string[]
  readonly excludedAttributes?: readonly string[]
}

/** Options of a read of one resource. */
export interface ReadOptions extends CallOptions, ProjectionOptions {}

/** Options of a create. */
export interface CreateOptions extends CallOptions, ProjectionOptions {
  /**
   * Sent as `Idempotency-Key`: a new text for each resource, 1 to 256 visible ASCII characters, such as
   * `crypto.randomUUID()`. Pass it only if the server supports the header, as ScimKit does: a request whose response was
   * lost is then sent again by itself. A server that ignores the header may create a second resource.
   */
  readonly idempotencyKey?: string
  /** How often a request with an idempotency key is sent at most; 4 by default. Without a key it is sent once. */
  readonly attempts?: number
}

/** Options of a write. */
export interface WriteOptions extends CallOptions, ProjectionOptions {
  /**
   * The version that the resource must still have, else the write fails with `versionMismatch`. A tag: that version.
   * `known`: the `meta.version` of the resource passed in, else the last tag that this client received. `false`: any version.
   */
  readonly ifMatch?: string | false
}
