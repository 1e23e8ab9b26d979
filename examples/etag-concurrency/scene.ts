/** The fixture of every chapter. */
import type { ScimClient, User } from '@scimkit/client'
import type { Scim, ScimContext } from '@scimkit/core'
import type { ResourceProvider } from '@scimkit/core/provider'
import type { Story } from '../stage/story.js'
import type { Wire } from '../stage/wire.js'

/** One server over real HTTP, two clients of it, and the same users without HTTP. */
export interface Scene {
  readonly story: Story
  /** Plain requests, to see the bytes on the wire. */
  readonly wire: Wire
  /** The client of Human Resources. */
  readonly hr: ScimClient
  /** The client of the help desk, independent of the other one. */
  readonly desk: ScimClient
  /** The core in this process, over the same provider. */
  readonly scim: Scim
  readonly provider: ResourceProvider
  readonly context: ScimContext
  /** The URL that both clients use. */
  readonly url: string
}

/** A part of the tour. Throws if one of its statements is false. */
export type Chapter = (scene: Scene) => Promise<void>

/** Creates a user with that name. */
export async function made({ hr }: Scene, userName: string): Promise<User> {
  return hr.users.create({ userName, displayName: userName })
}

/** The opaque text in a tag: `2-575cb0…-c0ffee…` of `W/"2-575cb0…-c0ffee…"`, as its three parts. */
export function partsOf(tag: string): { readonly generation: string; readonly digest: string; readonly nonce: string } {
  const [generation = '', digest = '', nonce = ''] = tag.slice(tag.indexOf('"') + 1, -1).split('-')
  return { generation, digest, nonce }
}
