import type { ScimContext } from '@scimkit/core'
import { type ResourceRef, rawVersion, type VersionChange } from '@scimkit/core/provider'
import { sql } from 'kysely'
import type { Row } from '../driver/driver.js'
import { compareOnly } from '../statement/compare-only.js'
import { template } from '../statement/template.js'
import { builtOnce } from '../store/built-once.js'
import type { Store } from '../store/store.js'

const changesOf = builtOnce(({ dialect: { builder: db }, history: keep }) =>
  template<{ tenant: string; type: string; id: string }>((slot) =>
    db
      .selectFrom('scim_history')
      .select(['version', 'previous', 'at', 'changed'])
      .where(
        'row_id',
        '=',
        db
          .selectFrom('scim_resources')
          .select('row_id')
          .where('tenant', '=', slot('tenant'))
          .where('id', '=', slot('id'))
          .where(compareOnly('type'), '=', slot('type')),
      )
      .orderBy('generation', 'desc')
      // Another process with a longer history may have left more rows.
      .limit(sql.lit(keep)),
  ),
)

/** Reads the kept changes of a resource, newest first. */
export function historyReader(
  store: Store,
): (ref: ResourceRef, context: ScimContext) => Promise<readonly VersionChange[]> {
  const changes = changesOf(store)
  return async ({ type, id }, { tenant }) => {
    const [rows = []] = await store.driver.read([changes({ tenant, type, id })])
    return rows.map(changeOf)
  }
}

function changeOf({ version, previous, at, changed }: Row): VersionChange {
  return {
    version: rawVersion(String(version)),
    previous: previous === null || previous === undefined ? undefined : rawVersion(String(previous)),
    at: String(at),
    changed: JSON.parse(String(changed)) as readonly string[],
  }
}
