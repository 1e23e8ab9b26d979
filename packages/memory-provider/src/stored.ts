import type { Needs, Stored } from '@scimkit/core'
import { derivedOf } from './derive.js'
import { membersOf } from './memberships.js'
import type { Row } from './row.js'
import type { TenantStore } from './tenant-store.js'

/** The row as it stands now, with what was asked for: the outside is new every time, the document inside is frozen. */
export function storedOf(store: TenantStore, row: Row, needs: Needs): Stored {
  const { ref, version, created, lastModified, json, resource } = row.state
  const members = membersOf(store, row, needs.members)
  return {
    ref,
    version,
    created,
    lastModified,
    json,
    resource,
    ...(members !== undefined && { members }),
    ...(needs.derived && { derived: derivedOf(store, row) }),
  }
}
