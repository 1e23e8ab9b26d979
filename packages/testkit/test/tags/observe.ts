import type { Exchange } from '@scimkit/testkit'
import type { Target } from './operations.js'

/** A resource as a client sees it, split into the state that the tag covers and the tag. */
export interface Seen {
  /** The stored state as one text: everything except `meta` and derived attributes. */
  readonly state: string
  readonly tag: string
  readonly lastModified: string
  /** The whole document, to write it back. */
  readonly document: string
}

/** The resource at a path, or undefined if absent. Throws for a response that contradicts itself. */
export async function observe(exchange: Exchange, path: string): Promise<Seen | undefined> {
  const { status, headers, body } = await exchange({
    method: 'GET',
    path,
    headers: { Accept: 'application/scim+json' },
  })
  if (status === 404) return undefined
  if (status !== 200) throw new Error(`GET ${path}: ${status} ${body}`)
  const { meta, ...document } = JSON.parse(body)
  if (headers.etag === undefined) throw new Error(`GET ${path}: no ETag`)
  if (meta.version !== headers.etag) throw new Error(`GET ${path}: ETag ${headers.etag}, meta.version ${meta.version}`)
  return { state: stored(document), tag: headers.etag, lastModified: meta.lastModified, document: body }
}

const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'

// `groups` and display names are derived from other resources; members are a set of rows without order.
function stored(document: Record<string, unknown>): string {
  const { groups: _, members, ...rest } = document
  const extension = rest[enterprise] as { readonly manager?: Record<string, unknown> } | undefined
  if (extension?.manager !== undefined) {
    const { displayName: _, $ref: __, ...manager } = extension.manager
    rest[enterprise] = { ...extension, manager }
  }
  const ids = Array.isArray(members) ? members.map(({ value, type }) => `${value} ${type}`).sort() : []
  return canonical({ ...rest, members: ids })
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([left], [right]) => (left < right ? -1 : 1)))
      : part,
  )
}

/** The collection of a type. */
export const collectionOf = (type: Target['type']): string => (type === 'User' ? '/Users' : '/Groups')
