/** The fixture of every chapter: the application, and a client for each identity provider. */
import type { Connection } from '@scimkit/connections'
import type { Story } from '../stage/story.js'
import { type Answer, type Asked, wireTo } from '../stage/wire.js'
import type { App } from './app/app.js'

/** What the chapters use. */
export interface Scene {
  readonly story: Story
  readonly app: App
  /** `http://127.0.0.1:49152` */
  readonly origin: string
  /** A request without credentials. */
  readonly plain: (method: string, path: string, asked?: Asked) => Promise<Answer>
  /** What earlier chapters have made. */
  readonly made: Made
}

/** Made by chapters, in their order. */
export interface Made {
  acme?: Caller
  globex?: Caller
  auditor?: Caller
  connection?: Connection
}

/** Credentials, and the address that they are for. */
export interface Caller {
  readonly tenant: string
  readonly token: string
  /** A request to the own address, or to that of another tenant. */
  send(method: string, path: string, body?: unknown, options?: SendOptions): Promise<Answer>
}

/** More about a request. */
export interface SendOptions {
  /** Default: the own tenant. */
  readonly at?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** One part of the story. */
export type Chapter = (scene: Scene) => Promise<void>

/** A caller with a token. */
export function callerOf(origin: string, tenant: string, token: string): Caller {
  const wire = wireTo(origin)
  return {
    tenant,
    token,
    send: (method, path, body, { at = tenant, headers = {} } = {}) =>
      wire(method, `/scim/${at}/v2${path}`, {
        headers: { Authorization: `Bearer ${token}`, ...headers },
        ...(body !== undefined && { body }),
      }),
  }
}

/** What a chapter needs of an earlier one. */
export function need<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('the chapter needs what an earlier chapter makes')
  return value
}

/** The identity provider of acme. */
export const acmeOf = ({ made }: Scene): Caller => need(made.acme)
/** The identity provider of globex. */
export const globexOf = ({ made }: Scene): Caller => need(made.globex)

const core = 'urn:ietf:params:scim:schemas:core:2.0'

/** A user as identity providers send it. */
export function user(userName: string, more: object = {}): object {
  return { schemas: [`${core}:User`], userName, active: true, ...more }
}

/** A group. */
export function group(displayName: string, members: readonly string[] = []): object {
  return { schemas: [`${core}:Group`], displayName, members: members.map((value) => ({ value })) }
}

/** A PATCH of one operation. */
export function patch(operation: object): object {
  return { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations: [operation] }
}

/** The id in a response. */
export function idIn({ body }: Answer): string {
  return String(body.id)
}

/** Request and response, without the credentials. */
export function shown({ lines }: Answer): readonly string[] {
  return lines.map((line) => (line.startsWith('  Authorization: ') ? '  Authorization: Bearer …' : line))
}
