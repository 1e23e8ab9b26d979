import type { JsonObject } from '@scimkit/core'
import type { ResourceType } from '@scimkit/core/schema'
import type { FoundResource } from '../directory/directory.js'
import type { ResultBounds } from '../documents/bounds.js'
import { shownDocument } from '../documents/shown-document.js'
import { dataNotice, type SuccessResult } from './result.js'

/** A resource as members of a result: its id, version and document. */
export function resourceMembersOf(found: FoundResource, type: ResourceType, bounds: ResultBounds): JsonObject {
  const { id, version, resource } = found
  if (resource === undefined) return { id, version }
  const { resource: shown, altered } = shownDocument(type, resource, bounds)
  return { id, version, resource: shown, ...(altered.length > 0 && { altered }) }
}

/** The result of a tool that read or wrote one resource. */
export function resourceResult(found: FoundResource, type: ResourceType, bounds: ResultBounds): SuccessResult {
  return { outcome: 'success', ...resourceMembersOf(found, type, bounds), notice: dataNotice }
}
