/** Three-way merge of resources, and the difference of two as a PATCH. */
export type {
  Conflict,
  Conflicted,
  Merged,
  MergeOptions,
  MergeResult,
  Resolution,
  Strategy,
} from '../merge/conflict.js'
export { type DiffOptions, diff } from '../merge/diff.js'
export type { DiffOperation } from '../merge/diff-operation.js'
export { merge3 } from '../merge/merge3.js'
