import { type Interop, interopFrom } from '../interop.js'
import { isArray, type JsonObject, type JsonValue, own } from '../json/value.js'
import { type Limits, limitsFrom } from '../limits.js'
import { withKey } from '../resource/document.js'
import { ignoredNames } from '../resource/ignored-names.js'
import { validateDocument } from '../resource/validate-document.js'
import type { ResourceType } from '../schema/attribute.js'
import { builtInTypeOf } from '../schema/standard/built-in-type.js'
import { applyOperations } from './apply-operations.js'
import { parsePatch, patchOpSchema } from './parse/parse-patch.js'
import { workCounter } from './patching.js'

/** One operation of a PATCH, as clients send it. @see RFC 7644 §3.5.2 */
export interface PatchOperationInput {
  readonly op: string
  readonly path?: string
  readonly value?: unknown
}

/** The options of {@link applyPatch}. */
export interface ApplyPatchOptions {
  /** The leniencies towards identity providers. Default `lenient`. */
  readonly interop?: Interop
  /** Limits on the operations; the names are those of `limits` of a server. */
  readonly limits?: Partial<Limits>
  /** Called for each name that was left out: an attribute that is readOnly or that the type does not have. */
  readonly onIgnored?: (name: string) => void
}

/**
 * The resource after the operations of a PATCH, all or nothing, by the rules of RFC 7644 and of the type's schema:
 * mutability, required attributes, one primary value, no element twice. Pure: the resource is left as it is, and
 * `meta` is that of the resource, so a server sets its version and time.
 *
 * @param resource - The whole resource, with `members` if the operations are about members.
 * @param operations - The operations, or a whole PatchOp message.
 * @param type - The compiled resource type. Default: the core's User or Group, by the `schemas` of the resource.
 *
 * Throws a ScimError (400 invalidPath, invalidSyntax, invalidValue, mutability, noTarget, tooMany) for operations that
 * cannot be applied, and a TypeError if `schemas` does not determine a type or the resource has a name that the type does
 * not have in this spelling.
 * @example
 * ```ts
 * import { applyPatch } from '@scimkit/core/patch'
 *
 * const user = { schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], userName: 'ada', active: true }
 * const patched = applyPatch(user, [{ op: 'replace', path: 'active', value: false }])
 * ```
 * @see RFC 7644 §3.5.2
 */
export function applyPatch(
  resource: object,
  operations: readonly PatchOperationInput[] | object,
  type: ResourceType = builtInTypeOf([resource]),
  { interop, limits, onIgnored }: ApplyPatchOptions = {},
): JsonObject {
  const before = resource as JsonObject
  checkNames(before, type)
  const switches = interopFrom(interop)
  const allLimits = limitsFrom(limits)
  const body = (
    isArray(operations as JsonValue) ? { schemas: [patchOpSchema], Operations: operations } : operations
  ) as JsonObject
  const ignored = ignoredNames()
  const patched = applyOperations(before, parsePatch(body, type, switches, allLimits), {
    type,
    interop: switches,
    ignored,
    isChange: true,
    work: workCounter(allLimits.patchWork),
  })
  const id = own(before, 'id')
  const valid = validateDocument(type, typeof id === 'string' ? id : '', patched, before)
  for (const name of ignored.names) onIgnored?.(name)
  return withKey(id === undefined ? withKey(valid, 'id', undefined) : valid, 'meta', own(before, 'meta'))
}

// Such a name would be missing in the result, without an error.
function checkNames(resource: JsonObject, type: ResourceType): void {
  for (const name of Object.keys(resource)) {
    const attribute = type.attributes.get(name.toLowerCase())
    if (attribute?.name === name || name === 'meta' || name === 'schemas' || name === 'id') continue
    if (attribute === undefined && name.toLowerCase().startsWith('urn:')) continue
    throw new TypeError(
      `applyPatch: ${type.name} has no attribute "${name}"${attribute ? `; it is ${attribute.name}` : ''}`,
    )
  }
}
