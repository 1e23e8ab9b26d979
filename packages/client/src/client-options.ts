/** What a program may say about its client, with every default. */
import type { ClientPorts } from './client-ports.js'

/** The `fetch` of the platform, or something that behaves like it: a test's server, a proxy, one that logs. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>

/** Every option of `createClient`; all may be left out. */
export interface ClientOptions {
  /** Sent as `Authorization: Bearer …`; a function is asked before each request, so that tokens can be renewed. */
  readonly token?: string | (() => string | Promise<string>)
  /** Sent with every request. */
  readonly headers?: Readonly<Record<string, string>>
  /** Default: the platform's `fetch`. */
  readonly fetch?: Fetch
  /** Milliseconds that one request may take, answer included; 30,000 by default, 0 for no limit. */
  readonly timeout?: number
  /**
   * What is remembered of resources that were read, the least recently used going first: the tags of so many
   * `resources` (10,000), which writes by id alone are held to, and of their representations so many `characters` in all
   * (8 Mi), to answer a 304 from. `false`: no representations; tags all the same.
   */
  readonly cache?: { readonly resources?: number; readonly characters?: number } | false
  /** What writes do that say nothing themselves: see {@link WriteOptions}. Default `known`. */
  readonly ifMatch?: 'known' | false
  /**
   * True if an error of `fetch` proves that the server has not seen the request. Default: those of Node, Bun and Deno
   * that say that no connection came about.
   */
  readonly isNotSent?: (error: unknown) => boolean
  /** Clock, randomness and sleep; those of the platform by default. */
  readonly ports?: Partial<ClientPorts>
}

/** What any call may be given. */
export interface CallOptions {
  /** Ends the call: reads and what was not sent with `aborted`, a write under way with `unknownOutcome`. */
  readonly signal?: AbortSignal
}

/** Which attributes come back. @see RFC 7644 §3.9 */
export interface ProjectionOptions {
  readonly attributes?: readonly string[]
  readonly excludedAttributes?: readonly string[]
}

/** What a read of one resource may be given. */
export interface ReadOptions extends CallOptions, ProjectionOptions {}

/** What a write may be given. */
export interface WriteOptions extends CallOptions, ProjectionOptions {
  /**
   * The version that must still be there, else the write ends with `versionMismatch`. A tag: that one. `known`: the
   * `meta.version` of the resource handed in, else the tag that this client saw last. `false`: whatever is there.
   */
  readonly ifMatch?: string | false
}
