import { consistsOf } from '../ascii.js'

const longest = 64

/** A bulkId as an error names it. It is a client's own text, so only a plain one is shown. */
export function nameOf(bulkId: string): string {
  return bulkId.length > 0 && bulkId.length <= longest && consistsOf(bulkId, '-_.')
    ? `bulkId "${bulkId}"`
    : 'a bulkId that is not shown'
}
