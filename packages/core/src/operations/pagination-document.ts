import type { JsonObject } from '../json.js'
import type { DiscoverySource } from './discovery-documents.js'

/**
 * `pagination` of ServiceProviderConfig. Lists without `cursor` are paged by index, as those clients expect who know of no
 * cursors.
 * @see RFC 9865 §2.4, §4
 */
export function paginationDocument({ limits, cursors, cursorSeconds }: DiscoverySource): JsonObject {
  return {
    cursor: cursors,
    index: true,
    defaultPaginationMethod: 'index',
    defaultPageSize: limits.pageSize,
    maxPageSize: limits.maxPageSize,
    // No value says that there is no timeout.
    ...(cursors && cursorSeconds > 0 && { cursorTimeout: cursorSeconds }),
  }
}
