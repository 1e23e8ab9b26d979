import { scimError } from '../errors.js'
import type { ResourceType } from '../schema/attribute.js'
import type { Engine } from './engine.js'

/** The resource type of that name. Throws 404 if this server has none. */
export function findType(engine: Engine, name: string): ResourceType {
  const type = engine.types.get(name)
  if (type === undefined) throw scimError.notFound()
  return type
}

/** The resource type whose endpoint is this path segment, `Users`; undefined if there is none. */
export function findTypeAt(engine: Pick<Engine, 'types'>, segment: string): ResourceType | undefined {
  for (const type of engine.types.values()) if (type.endpoint.slice(1) === segment) return type
  return undefined
}
