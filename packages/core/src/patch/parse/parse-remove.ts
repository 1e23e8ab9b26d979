/**
 * The target of a remove operation: everything at its path, or the elements that its value names. @see RFC 7644
 * §3.5.2.2
 */
import { scimError } from '../../errors.js'
import { isArray, isObject, type JsonValue } from '../../json/value.js'
import { isEmptyValue } from '../../resource/document.js'
import type { PatchPath, Remove } from '../operation.js'
import { withoutOwnName } from './own-name.js'
import type { PathReading } from './parse-path.js'
import { refuseSensitiveValue } from './sensitive-value.js'

/** The operation. Throws 400 noTarget without a path, and 400 invalidValue for a value that may mean none or all. */
export function parseRemove(path: PatchPath | undefined, sent: JsonValue | undefined, reading: PathReading): Remove {
  if (path === undefined) throw scimError.noTarget('remove needs a path.')
  if (!path.known || sent === undefined) return { op: 'remove', path, value: undefined }
  const { attribute, sub } = path.path
  if (!saysNothing(sent)) refuseSensitiveValue(reading.type, path.path, sent, reading.interop)
  const isList = attribute?.multiValued === true || sub?.multiValued === true
  // null is unassigned (RFC 7643 §2.5), so beside a single value it counts as no value.
  if (sent === null && !isList) return { op: 'remove', path, value: undefined }
  if (!reading.interop.removeWithValue) {
    throw scimError.invalidValue(
      `remove at ${path.path.text} takes no value; name the values in the path, like members[value eq "…"].`,
    )
  }
  const value = withoutOwnName(path, sent, reading)
  // RFC 7644 §3.5.2.2: the filter decides what is removed; an empty value beside it selects nothing else.
  if (path.filter !== undefined && saysNothing(value)) return { op: 'remove', path, value: undefined }
  if (isEmptyValue(value) || value === '') {
    if (!isList) return { op: 'remove', path, value: undefined }
    // `[]` names none of the values, so none is removed.
    if (isArray(value)) return { op: 'remove', path, value }
    // "Remove none" or "remove all"? A client that means all leaves the value out.
    throw scimError.invalidValue(
      `remove at ${path.path.text} with an empty value: leave the value out to remove all values.`,
    )
  }
  return { op: 'remove', path, value }
}

// Serializers that write every field send these in place of an absent value.
function saysNothing(value: JsonValue): boolean {
  if (value === null || value === '') return true
  if (isArray(value)) return value.every(saysNothing)
  return isObject(value) && Object.keys(value).every((name) => saysNothing(value[name] as JsonValue))
}
