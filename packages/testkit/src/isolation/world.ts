/** The resources of each tenant, made by the tenant itself. Their texts have a mark that only this tenant has. */
import type { Exchange, ExchangeResponse } from '../exchange.js'
import type { SeededRandom } from '../seeded-random.js'
import { bodyOf, coreGroup, coreUser, enterpriseUser, json, send } from './messages.js'
import type { IsolationTarget } from './target.js'

/** One resource of a tenant. */
export interface Owned {
  readonly id: string
  /** `/Users/42`. */
  readonly path: string
  readonly tag: string
  /** `userName` or `displayName`. */
  readonly name: string
}

/** What one tenant has, and what belongs to it. */
export interface TenantWorld {
  readonly tenant: string
  readonly mark: string
  readonly exchange: Exchange
  /** No request of the tenant itself changes it. */
  readonly manager: Owned
  /** Changed and restored by the tenant itself. */
  readonly employee: Owned
  readonly group: Owned
  readonly externalId: string
  readonly cursor: string
}

const markStart = 'mk-'

/** A mark for a tenant, of a form that {@link marksIn} finds. */
export function markOf(tenant: number, random: SeededRandom): string {
  return `${markStart}${tenant}-${random.below(0x7fffffff)}-end`
}

/** The marks in a text. */
export function marksIn(text: string): readonly string[] {
  const marks: string[] = []
  for (let start = text.indexOf(markStart); start !== -1; start = text.indexOf(markStart, start + 1)) {
    const end = text.indexOf('-end', start)
    if (end !== -1) marks.push(text.slice(start, end + 4))
  }
  return marks
}

/** Creates the resources of a tenant. Rejects unless each response is the expected one. */
export async function makeWorld(
  target: IsolationTarget,
  tenant: string,
  number: number,
  random: SeededRandom,
): Promise<TenantWorld> {
  const exchange = target.exchange(tenant)
  const mark = markOf(number, random)
  const externalId = `external-${mark}`
  const manager = await created(exchange, '/Users', user(`manager-${mark}`, { externalId, title: `title-${mark}` }))
  const employee = await created(exchange, '/Users', user(`employee-${mark}`, { title: `title-${mark}` }))
  const members = [{ value: employee.id }]
  const group = await created(exchange, '/Groups', { schemas: [coreGroup], displayName: `group-${mark}`, members })
  const page = bodyOf(await exchange({ method: 'GET', path: '/Users?cursor&count=1', headers: json }))
  if (typeof page.nextCursor !== 'string') throw new Error(`no cursor in ${JSON.stringify(page)}`)
  return { tenant, mark, exchange, manager, employee, group, externalId, cursor: page.nextCursor }
}

/** A user as it is sent. */
export function user(userName: string, more: object = {}): object {
  return { schemas: [coreUser], userName, active: true, ...more }
}

async function created(exchange: Exchange, collection: string, resource: object): Promise<Owned> {
  return ownedIn(await exchange(send('POST', collection, JSON.stringify(resource))), collection)
}

function ownedIn(response: ExchangeResponse, collection: string): Owned {
  const { id, userName, displayName } = bodyOf(response)
  const { etag } = response.headers
  if (response.status !== 201 || typeof id !== 'string' || etag === undefined) {
    throw new Error(`POST ${collection}: expected 201, got ${response.status} ${response.body}`)
  }
  return { id, path: `${collection}/${id}`, tag: etag, name: String(userName ?? displayName) }
}

/** The differences of a tenant's resources from what it has made; empty if there are none. */
export async function changesOf(world: TenantWorld): Promise<readonly string[]> {
  const found: string[] = []
  const { exchange, manager, employee, group, mark } = world
  const get = async (path: string): Promise<ExchangeResponse> => exchange({ method: 'GET', path, headers: json })
  const [one, two, three] = [await get(manager.path), await get(employee.path), await get(group.path)]
  if (one.headers.etag !== manager.tag) found.push(`${manager.path}: ${one.status}, ${one.headers.etag}`)
  const report = (path: string, isSame: boolean, response: ExchangeResponse): void => {
    if (!isSame) found.push(`${path}: ${response.status} ${response.body}`)
  }
  const { title, userName, groups, [enterpriseUser]: extension } = bodyOf(two)
  const isEmployee = title === `title-${mark}` && userName === employee.name && extension === undefined
  report(employee.path, isEmployee && idsIn(groups) === group.id, two)
  const { displayName, members } = bodyOf(three)
  report(group.path, displayName === group.name && idsIn(members) === employee.id, three)
  for (const [path, ids] of [
    ['/Users', [manager.id, employee.id]],
    ['/Groups', [group.id]],
  ] as const) {
    const list = await get(path)
    const resources = (bodyOf(list).Resources ?? []) as readonly { readonly id: string }[]
    report(
      path,
      [...resources]
        .map(({ id }) => id)
        .sort()
        .join() === [...ids].sort().join(),
      list,
    )
  }
  return found
}

function idsIn(values: unknown): string {
  return Array.isArray(values) ? values.map((each) => String((each as { readonly value?: unknown }).value)).join() : ''
}
