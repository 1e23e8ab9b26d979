/** The conflict details of a 412, which the client requests by `Prefer: conflict-details`. */
import { versionMismatchUrn } from '@scimkit/core'
import { isArray, isObject, type JsonObject } from '@scimkit/core/json'
import { isEntityTag } from './entity-tag.js'

/** The conflict in the body of a 412, as ScimKit sends it to clients that request it. */
export interface ConflictDetails {
  /** The current tag of the resource. Proxies do not change it, unlike the `ETag` header. */
  readonly current?: string
  /** The attributes that changed since the expected version; undefined if unknown. */
  readonly changed: readonly string[] | undefined
}

/** Reads the conflict from the body of a 412; all members are undefined if the server sends no conflict. */
export function conflictIn(body: JsonObject | undefined): ConflictDetails {
  const details = body?.[versionMismatchUrn]
  const { current, changed } = isObject(details) ? details : {}
  return {
    changed: isArray(changed) && changed.every((name) => typeof name === 'string') ? changed : undefined,
    ...(isEntityTag(current) && { current }),
  }
}
