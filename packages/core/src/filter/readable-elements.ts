/** Value paths of a caller that may not read every part of an element. */
import { emptyObject } from '../json/value.js'
import type { Filter, FilterPath } from './ast.js'
import { elementMatcherOf } from './evaluation/evaluate.js'
import { isSensitive } from './sensitive.js'
import { withLeaf } from './term-path.js'

/**
 * The filter between the brackets of a path, so that it selects no element without readable parts: for this caller there
 * is no such element, and `[not (type pr)]` would reveal it.
 */
export function amongReadable(path: FilterPath, filter: Filter): Filter {
  if (!path.known || path.attribute?.unreadable !== 'part') return filter
  if (!elementMatcherOf(filter)(emptyObject())) return filter
  const parts: readonly Filter[] = [...path.attribute.subAttributes.values()]
    .filter((part) => !isSensitive(part))
    .map((sub) => ({ kind: 'present', path: withLeaf({ ...path, text: sub.name, sub }) }))
  const [only, another] = parts
  if (only === undefined) return filter
  const isReadable: Filter = another === undefined ? only : { kind: 'or', terms: parts }
  return { kind: 'and', terms: [...(filter.kind === 'and' ? filter.terms : [filter]), isReadable] }
}
