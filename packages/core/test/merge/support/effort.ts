import type fc from 'fast-check'
import { effort } from '../../filter/support/effort.js'

/** 100,000 cases with SCIMKIT_EFFORT=full. */
export function cases(short = 1_000): fc.Parameters<unknown> {
  return effort(short, 100_000)
}
