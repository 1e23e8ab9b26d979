/**
 * Refusals that the request alone decides: attributes that the caller can neither read nor change. If such a request
 * were compared with the stored value, success for an equal one would confirm a guess.
 * @see docs/adr/0065-rights-on-attributes.md
 */
import { isSensitive } from '../../filter/sensitive.js'
import type { InteropSwitches } from '../../interop.js'
import type { PatchOperation, PatchPath } from '../../patch/operation.js'
import { attributesNamed, extensionAttributesNamed, partsNamed } from '../../resource/attributes-named.js'
import { isEmptyValue, isUnassigning } from '../../resource/document.js'
import type { Attribute, ResourceType } from '../../schema/attribute.js'
import { isOfServer } from '../../schema/restrict-type.js'
import { mayNotChange } from './refusal.js'

/** Throws 403 for a PUT that names such an attribute, with whatever value. */
export function checkNamed(named: ReadonlySet<Attribute>): void {
  for (const attribute of named) {
    const { parent } = attribute
    const isCompared = parent?.multiValued !== true
    if (isHidden(attribute) && (isKept(attribute, isCompared) || (parent !== undefined && isKept(parent, true)))) {
      throw mayNotChange(attribute)
    }
  }
}

/** Throws 403 for a PATCH with an operation on such an attribute, with whatever value. */
export function checkOperations(
  type: ResourceType,
  operations: readonly PatchOperation[],
  interop: InteropSwitches,
): void {
  if (type.unreadable === undefined && type.unwritable === undefined) return
  const reading = { interop, isChange: true }
  for (const { op, path, value } of operations) {
    if (path === undefined) {
      checkEach(attributesNamed(type, value ?? null, reading))
      continue
    }
    if (!path.known) continue
    const { attribute, extension } = path.path
    if (attribute !== undefined) {
      checkTarget(path, op === 'remove' ? undefined : value)
    } else if (extension !== undefined) {
      const isWhole = op === 'remove' && isEmptyValue(value)
      checkEach(extensionAttributesNamed(type, extension, isWhole ? null : (value ?? null), reading))
    }
  }
}

function checkTarget({ path, filter }: Extract<PatchPath, { known: true }>, value: PatchOperation['value']): void {
  const { attribute, sub } = path
  if (attribute === undefined) return
  if (sub !== undefined) {
    checkPart(attribute, sub, filter !== undefined)
    return
  }
  checkWhole(attribute)
  // An object is merged: its parts alone change. Anything that assigns nothing removes them all.
  const assignsNothing = value === undefined || value === '' || isUnassigning(value)
  const parts = assignsNothing ? attribute.subAttributes.values() : partsNamed(attribute, value)
  for (const part of parts) checkPart(attribute, part, filter !== undefined)
}

function checkEach(named: ReadonlySet<Attribute>): void {
  for (const attribute of named) {
    if (attribute.parent !== undefined) checkPart(attribute.parent, attribute, false)
    else checkWhole(attribute)
  }
}

function checkWhole(attribute: Attribute): void {
  if (isOfServer(attribute)) return
  const isHiddenInPart = isHidden(attribute) || attribute.unreadable !== undefined
  if (isHiddenInPart && isKept(attribute, true)) throw mayNotChange(attribute)
}

function checkPart(attribute: Attribute, part: Attribute, isOneElement: boolean): void {
  if (isOfServer(attribute) || !isHidden(part)) return
  if (isKept(part, isOneElement || !attribute.multiValued) || isKept(attribute, true)) throw mayNotChange(part)
}

function isHidden(attribute: Attribute): boolean {
  return attribute.unreadable === 'whole' || isSensitive(attribute)
}

// An immutable value that is set is compared too. In the elements of a list it is not, unless one of them is selected.
function isKept({ unwritable, unreadable, mutability }: Attribute, countsImmutable: boolean): boolean {
  return unwritable === 'whole' || (countsImmutable && unreadable !== undefined && mutability === 'immutable')
}
