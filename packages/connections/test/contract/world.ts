/** What a case of the OAuth contract may use: a server with connections, an issuer, and a clock. */
import type { Connections, ConnectionsOptions } from '@scimkit/connections'

export interface OAuthAnswer {
  readonly status: number
  header(name: string): string | undefined
  readonly text: string
  /** The body as JSON; undefined if it has none. */
  readonly json: Readonly<Record<string, unknown>> | undefined
}

/** An issuer whose documents a case sets. */
export interface TestIssuer {
  /** `http://127.0.0.1:PORT` */
  readonly origin: string
  /** By path. A path without a document is 404; `unreachable` ends the connection. */
  readonly documents: Map<string, unknown>
  /** The paths that were read. */
  readonly reads: string[]
}

export const unreachable = Symbol('unreachable')

export interface World {
  readonly connections: Connections
  readonly issuer: TestIssuer
  /** Milliseconds since 1970. */
  now(): number
  pass(milliseconds: number): void
  /** The reasons of all refusals. */
  readonly reasons: string[]
  send(method: string, path: string, headers?: Readonly<Record<string, string>>, body?: string): Promise<OAuthAnswer>
}

export interface OAuthCase {
  readonly id: string
  /** The rows of docs/authentication.md. */
  readonly rules: readonly string[]
  readonly title: string
  readonly options?: Partial<ConnectionsOptions>
  run(world: World): Promise<void>
}

/** Throws if two values differ, compared as JSON. */
export function equal(actual: unknown, expected: unknown, about = ''): void {
  const [left, right] = [JSON.stringify(actual), JSON.stringify(expected)]
  if (left !== right) throw new Error(`${about}: expected ${right}, got ${left}`)
}
