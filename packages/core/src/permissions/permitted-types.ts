/** What a caller may do to resources of each type: for the tools of an agent, and for an admin page. */
import type { Call } from '../engine/call.js'
import type { AuthorizationRequest } from '../operation-types/authorize.js'
import { decisionOn } from '../operation-types/decide.js'
import type { ResourceType } from '../schema/attribute.js'
import type { ResourceOperation } from '../schema/schema-definition.js'
import { rightsIn } from './attribute-rights.js'

/** An operation on resources of one type. */
export type OperationOnType = 'create' | 'get' | 'query' | 'replace' | 'patch' | 'remove'

/** A resource type, as one caller may use it. */
export interface PermittedType {
  readonly name: string
  /**
   * The operations that the caller may carry out, at least one. Each has the type with the rights of the caller on its
   * attributes in that operation: what it may not read is `unreadable`, what it may not change `unwritable`.
   */
  readonly operations: ReadonlyMap<OperationOnType, ResourceType>
}

/** The operation that a type must offer. */
const offeredAs: Readonly<Record<OperationOnType, ResourceOperation>> = {
  create: 'create',
  get: 'read',
  query: 'read',
  replace: 'replace',
  patch: 'patch',
  remove: 'remove',
}

const kinds = Object.keys(offeredAs) as readonly OperationOnType[]

/** The types of which the caller may use something. The authorizer is asked about each operation, without an id. */
export async function permittedTypes(call: Call): Promise<readonly PermittedType[]> {
  const found: PermittedType[] = []
  for (const type of call.engine.types.values()) {
    const operations = new Map<OperationOnType, ResourceType>()
    for (const kind of kinds) {
      const permitted = type.operations.has(offeredAs[kind]) ? await typeFor(call, type, kind) : undefined
      if (permitted !== undefined) operations.set(kind, permitted)
    }
    if (operations.size > 0) found.push({ name: type.name, operations })
  }
  return found
}

async function typeFor(call: Call, type: ResourceType, kind: OperationOnType): Promise<ResourceType | undefined> {
  const decision = await decisionOn(call.engine.authorize, requestFor(kind, type.name), call.context)
  if (decision.kind === 'refuse') return undefined
  return rightsIn(call.engine, type.name, decision)?.get(type.name) ?? type
}

function requestFor(kind: OperationOnType, type: string): AuthorizationRequest {
  const about = { type, id: undefined, via: 'direct' } as const
  return kind === 'create' || kind === 'query' ? { ...about, kind } : { ...about, kind }
}
