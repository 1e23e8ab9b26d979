// A stand-in until the readers land.
import { type Candidate, httpVersion, isObject, type JsonObject, mentions, type Page, type Query, queryInMemory, type ScimContext, type Stored } from '@scimkit/core'
import { storedOf } from '../reading/read-resource.js'
import type { Store } from '../store.js'

export async function queryPage(store: Store, type: string, query: Query, { tenant }: ScimContext): Promise<Page> {
  const p = store.dialect.name === 'sqlite' ? ['?', '?'] : ['$1', '$2']
  const [rows = []] = await store.driver.read([
    { sql: `select * from scim_resources where tenant = ${p[0]} and type = ${p[1]} order by row_id`, parameters: [tenant, type], lasting: true },
  ])
  const q = store.dialect.name === 'sqlite' ? '?' : '$1'
  const candidates: Candidate[] = []
  const dress = async (row: (typeof rows)[number], needs: Query['needs']): Promise<Stored> => {
    const [m = []] = await store.driver.read([
      { sql: `select m.member_id, m.member_type, r.type, r.display from scim_members m left join scim_resources r on r.tenant = m.tenant and r.id = m.member_id where m.group_row = ${q} order by m.seq`, parameters: [row.row_id ?? null], lasting: true },
    ])
    return storedOf(store, row, needs.members === 'none' ? undefined : m, needs, tenant)
  }
  for (const row of rows) {
    const full = mentions(query, 'members') || mentions(query, 'groups') ||  mentions(query, 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.displayName') ? await dress(row, { members: 'all', derived: true }) : undefined
    const stored = await storedOf(store, row, undefined, { members: 'none', derived: false }, tenant)
    candidates.push({
      stored,
      order: Number(row.row_id),
      view: () => {
        const doc = JSON.parse(String(row.doc)) as JsonObject
        const view: Record<string, unknown> = { ...doc, meta: { resourceType: type, created: stored.created, lastModified: stored.lastModified, version: httpVersion(stored.version) } }
        if (full !== undefined) {
          view.members = full.members
          view.groups = full.derived?.groups
          const e = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
          const ext = doc[e]
          if (full.derived?.managerDisplayName !== undefined && isObject(ext) && isObject(ext.manager)) {
            view[e] = { ...ext, manager: { ...ext.manager, displayName: full.derived.managerDisplayName } }
          }
        }
        return view as JsonObject
      },
    })
  }
  const page = queryInMemory(candidates, query)
  const byId = new Map(rows.map((row) => [row.id, row]))
  const resources: Stored[] = []
  for (const { ref } of page.resources) {
    const row = byId.get(ref.id)
    if (row !== undefined) resources.push(await dress(row, query.needs))
  }
  return { ...page, resources }
}
