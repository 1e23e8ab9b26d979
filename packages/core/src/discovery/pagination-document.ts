import type { JsonObject } from '../json/value.js'
import type { Limits } from '../limits.js'

/** How lists can be paged. */
export interface Paging {
  readonly limits: Limits
  /** Whether lists can be paged by cursor. */
  readonly cursors: boolean
  /** How long a cursor is valid; 0 means that it never expires. */
  readonly cursorSeconds: number
}

/**
 * `pagination` of ServiceProviderConfig. Lists without `cursor` are paged by index, as clients without cursor support
 * expect.
 * @see RFC 9865 §2.4, §4
 */
export function paginationDocument({ limits, cursors, cursorSeconds }: Paging): JsonObject {
  return {
    cursor: cursors,
    index: true,
    defaultPaginationMethod: 'index',
    defaultPageSize: limits.pageSize,
    maxPageSize: limits.maxPageSize,
    // A missing value says that there is no timeout.
    ...(cursors && cursorSeconds > 0 && { cursorTimeout: cursorSeconds }),
  }
}
