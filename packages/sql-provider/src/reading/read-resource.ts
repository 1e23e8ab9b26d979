// A stand-in until the readers land.
import type { Derived, GroupMembership, Member, Needs, ResourceRef, ScimContext, Stored } from '@scimkit/core'
import { rawVersion } from '@scimkit/core'
import type { Row } from '../driver/driver.js'
import type { Store } from '../store.js'

const s = (store: Store, sql: string, parameters: readonly (string | number | null)[]) => ({
  sql: store.dialect.name === 'sqlite' ? sql : numbered(sql),
  parameters,
  lasting: true,
})
function numbered(sql: string): string {
  let n = 0
  return sql.replaceAll('?', () => `$${++n}`)
}

export async function readResource(
  store: Store,
  ref: ResourceRef,
  needs: Needs,
  { tenant }: ScimContext,
): Promise<Stored | undefined> {
  const row = s(store, 'select * from scim_resources where tenant = ? and id = ? and type = ?', [tenant, ref.id, ref.type])
  const statements = [row]
  if (needs.members !== 'none') {
    statements.push(
      s(
        store,
        'select m.member_id, m.member_type, r.type, r.display from scim_members m left join scim_resources r on r.tenant = m.tenant and r.id = m.member_id where m.group_row = (select row_id from scim_resources where tenant = ? and id = ?) order by m.seq',
        [tenant, ref.id],
      ),
    )
  }
  const [rows = [], memberRows] = await store.driver.read(statements)
  const found = rows[0]
  if (found === undefined) return undefined
  return storedOf(store, found, memberRows, needs, tenant)
}

export async function storedOf(
  store: Store,
  row: Row,
  memberRows: readonly Row[] | undefined,
  needs: Needs,
  tenant: string,
): Promise<Stored> {
  let members = memberRows?.map((r): Member => {
    const type = r.type ?? r.member_type
    return {
      value: String(r.member_id),
      ...(type === null || type === undefined ? {} : { type: String(type) }),
      ...(r.display === null || r.display === undefined ? {} : { display: String(r.display) }),
    }
  })
  if (members !== undefined && typeof needs.members === 'object') {
    const need = needs.members
    if ('only' in need) members = members.filter((m) => need.only.includes(m.value))
    else members = members.slice(0, need.first)
  }
  return {
    ref: { type: String(row.type), id: String(row.id) },
    version: rawVersion(String(row.version)),
    created: String(row.created),
    lastModified: String(row.modified),
    json: String(row.doc),
    ...(members === undefined ? {} : { members }),
    ...(needs.derived ? { derived: await derived(store, row, tenant) } : {}),
  }
}

async function derived(store: Store, row: Row, tenant: string): Promise<Derived> {
  const groups: GroupMembership[] = []
  const seen = new Set([String(row.id)])
  let level = [String(row.id)]
  for (let depth = 0; level.length > 0; depth++) {
    const next: string[] = []
    for (const id of level) {
      const [found = []] = await store.driver.read([
        s(store, 'select g.id, g.display from scim_members m join scim_resources g on g.row_id = m.group_row where m.tenant = ? and m.member_id = ? order by m.seq', [tenant, id]),
      ])
      for (const g of found) {
        if (seen.has(String(g.id))) continue
        seen.add(String(g.id))
        next.push(String(g.id))
        groups.push({ value: String(g.id), ...(g.display === null ? {} : { display: String(g.display) }), type: depth === 0 ? 'direct' : 'indirect' })
      }
    }
    level = next
  }
  if (row.manager_id === null) return { groups }
  const [manager = []] = await store.driver.read([s(store, 'select doc from scim_resources where tenant = ? and id = ?', [tenant, String(row.manager_id)])])
  const doc = manager[0] && (JSON.parse(String(manager[0].doc)) as { displayName?: unknown })
  return { groups, ...(typeof doc?.displayName === 'string' ? { managerDisplayName: doc.displayName } : {}) }
}
