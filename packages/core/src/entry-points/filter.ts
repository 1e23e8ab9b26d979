/** SCIM filters: parsed, printed, evaluated. */
export type {
  AndFilter,
  CompareFilter,
  CompareOperator,
  Filter,
  FilterPath,
  KnownPath,
  NotFilter,
  OrFilter,
  PresentFilter,
  ValuePathFilter,
} from '../filter/ast.js'
export { attributesOf, fullPath } from '../filter/attributes-of.js'
export { equalityOn } from '../filter/equality-on.js'
export { evaluate, matcherOf } from '../filter/evaluation/evaluate.js'
export { compareSortKeys, sortKeyOf } from '../filter/evaluation/sort-key.js'
export { type FilterLimits, parseFilter } from '../filter/parse.js'
export { printFilter } from '../filter/print.js'
export { type Interop, type InteropSwitches, interopFrom } from '../interop.js'
export { defaultLimits } from '../limits.js'
export type { CompareKey } from '../schema/value-key.js'
