/** The trace that a request belongs to. @see https://www.w3.org/TR/trace-context/#traceparent-header */
import type { TraceParent } from '../context.js'
import type { ScimRequest } from './adapter-interface.js'

// version "-" trace-id "-" parent-id "-" trace-flags
const lengthOfVersion00 = 55

/**
 * The trace and the span of the caller in `traceparent`; undefined without one, and for an invalid one, which the
 * specification says to ignore. A later version may have more fields behind those that are read.
 */
export function traceParentOf(request: Pick<ScimRequest, 'header'>): TraceParent | undefined {
  const text = request.header('traceparent')
  if (text === undefined || text.length < lengthOfVersion00) return undefined
  const [version, traceId, parentId, flags] = [
    text.slice(0, 2),
    text.slice(3, 35),
    text.slice(36, 52),
    text.slice(53, lengthOfVersion00),
  ]
  const dashes = text[2] === '-' && text[35] === '-' && text[52] === '-'
  const isHex = [version, traceId, parentId, flags].every(isLowerHex)
  if (!dashes || !isHex || version === 'ff' || isZero(traceId) || isZero(parentId)) return undefined
  const rest = text.slice(lengthOfVersion00)
  return rest === '' || (version !== '00' && rest.startsWith('-')) ? { traceId, parentId } : undefined
}

function isLowerHex(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (!'0123456789abcdef'.includes(text.charAt(i))) return false
  return true
}

function isZero(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text[i] !== '0') return false
  return true
}
