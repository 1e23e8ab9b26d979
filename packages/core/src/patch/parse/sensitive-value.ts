import { sensitive } from '../../filter/sensitive.js'
import type { InteropSwitches } from '../../interop.js'
import { isObject, type JsonValue } from '../../json/value.js'
import { extensionAttributesNamed, partsNamed } from '../../resource/attributes-named.js'
import type { Attribute, AttributePath, ResourceType } from '../../schema/attribute.js'

/**
 * Ends the request with 403 `sensitive` for a remove whose value would be compared with a value that the caller may not
 * read: whether something is removed would reveal whether they are equal.
 */
export function refuseSensitiveValue(
  type: ResourceType,
  { attribute, sub, extension }: AttributePath,
  value: JsonValue,
  interop: InteropSwitches,
): void {
  if (type.unreadable === undefined) return
  if (attribute === undefined) {
    if (extension !== undefined && isObject(value)) {
      refuseEach(extensionAttributesNamed(type, extension, value, { interop, isChange: false }))
    }
    return
  }
  const leaf = sub ?? attribute
  // A single simple value is removed whatever old value the client sends with it.
  if (leaf.type !== 'complex' && !leaf.multiValued && !attribute.multiValued) return
  refuseEach([leaf])
  if (leaf.unreadable === 'part') refuseEach(partsNamed(leaf, value))
}

function refuseEach(attributes: Iterable<Attribute>): void {
  for (const { unreadable, path } of attributes) if (unreadable === 'whole') throw sensitive(path)
}
