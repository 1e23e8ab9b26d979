import { isObject, type JsonObject, own } from '../json/value.js'
import type { ResourceType } from '../schema/attribute.js'

/** The manager in a document, and its extension. @see RFC 7643 §4.3 */
export interface FoundManager {
  readonly urn: string
  readonly extension: JsonObject
  readonly manager: JsonObject
  readonly id: string
}

/** The manager that a document names; undefined if it names none. */
export function managerOf(type: ResourceType, document: JsonObject): FoundManager | undefined {
  return managerIn(document, type.bareAttributes.get('manager')?.schema)
}

/** The manager in the extension with that URN. */
export function managerIn(document: JsonObject, urn: string | undefined): FoundManager | undefined {
  const extension = urn === undefined ? undefined : own(document, urn)
  const manager = isObject(extension) ? own(extension, 'manager') : undefined
  const id = isObject(manager) ? own(manager, 'value') : undefined
  if (urn === undefined || !isObject(extension) || !isObject(manager) || typeof id !== 'string') return undefined
  return { urn, extension, manager, id }
}
