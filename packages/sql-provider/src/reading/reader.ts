/**
 * Reads of resources by id or by row. The document and the members, which belong to the version, come from one state of the
 * database; attributes that are derived from other resources do not belong to the version, and may be from a later state.
 */
import type { ScimContext } from '@scimkit/core'
import type { Derived, Member, MembersNeed, Needs, ResourceRef, Stored } from '@scimkit/core/provider'
import type { Row, Statement } from '../driver/driver.js'
import type { Store } from '../store/store.js'
import { groupsOfOne } from './groups-of-one.js'
import { membersInPortion, membersInPortions, namedInPortions } from './large-group.js'
import { type GroupsOf, groupsAbove } from './memberships.js'
import { portions } from './portions.js'
import { displayNameIn, memberOf, rowsText, storedOf } from './rows.js'
import { heldRows } from './rows-that-fit.js'
import { readStatements } from './statements.js'

/** Reads of one store. */
export interface Reader {
  readonly read: (ref: ResourceRef, needs: Needs, context: Pick<ScimContext, 'tenant'>) => Promise<Stored | undefined>
  /** The resources in these rows that still exist, by row. */
  readonly readRows: (rows: readonly number[], needs: Needs, tenant: string) => Promise<ReadonlyMap<number, Stored>>
  /** The complete current rows, by row number. */
  readonly rowsWithDocs: (rows: readonly number[]) => Promise<ReadonlyMap<number, Row>>
  /** How many of these rows, from the first on, fit on a page with a limit in bytes: by lengths, no document is read. */
  readonly heldRows: (rows: readonly number[], needs: Needs, bytes: number | undefined) => Promise<number>
  /** Adds the needed derived attributes to rows that were just read; members must not be needed. */
  readonly dress: (rows: readonly Row[], derived: Needs['derived'], tenant: string) => Promise<readonly Stored[]>
  /** The derived attributes of the resources in these rows, from other resources; with `manager`, groups are not read. */
  readonly derivedOf: (
    rows: readonly Row[],
    tenant: string,
    derived?: true | 'manager',
  ) => Promise<ReadonlyMap<number, Derived>>
  /** The statement that reads members of groups by row. */
  readonly membersOfRows: (rows: string, need: Exclude<MembersNeed, 'none'>) => Statement
  /** The statement that counts members of groups by row, up to so many. */
  readonly countMembersOfRows: (rows: string, upTo: number) => Statement
}

/** The reads of a store. They throw a StoreFailure when the store fails. */
export function reader(store: Store): Reader {
  const { driver, dialect } = store
  const statements = readStatements(dialect)
  // The ids of so many members fit into one parameter, unless they are long.
  const manyMembers = 1_000

  function membersOf(values: Ref, need: Exclude<MembersNeed, 'none'>): Statement {
    if (need === 'all') return statements.membersOfRef(values)
    if ('only' in need) return statements.onlyMembersOfRef({ ...values, only: JSON.stringify(need.only) })
    if ('upTo' in need) return statements.membersOfRefUpTo({ ...values, upTo: need.upTo })
    return statements.firstMembersOfRef({ ...values, first: Math.max(need.first, 0) })
  }

  function membersOfRows(rows: string, need: Exclude<MembersNeed, 'none'>): Statement {
    if (need === 'all') return statements.membersOfRows({ rows })
    if ('only' in need) return statements.onlyMembersOfRows({ rows, only: JSON.stringify(need.only) })
    return statements.firstMembersOfRows({ rows, first: 'upTo' in need ? need.upTo + 1 : Math.max(need.first, 0) })
  }

  async function derivedOf(
    rows: readonly Row[],
    tenant: string,
    derived: true | 'manager' = true,
  ): Promise<ReadonlyMap<number, Derived>> {
    if (rows.length === 0) return new Map()
    const managers = managersOf(rows, tenant)
    const [found] = managers.length === 0 ? [] : await driver.read(managers)
    const groupsOf =
      derived === true ? await groupsAbove(store, statements, await directGroups(rows, tenant), tenant) : undefined
    const names = namesIn(found)
    return new Map(rows.map((row) => [Number(row.row_id), derivedFrom(row, groupsOf, names)]))
  }

  /** In portions: a resource may be in thousands of groups. */
  async function directGroups(rows: readonly Row[], tenant: string): Promise<readonly Row[]> {
    const numbers = rows.map(({ row_id }) => Number(row_id))
    const direct: Row[] = []
    for await (const part of portions(driver, numbers, { cost: 20 }, (some) =>
      statements.directGroupsOfRows({ tenant, rows: rowsText(some) }),
    )) {
      for (const row of part) direct.push(row)
    }
    return direct
  }

  function managersOf(rows: readonly Row[], tenant: string): readonly Statement[] {
    const ids = rows.flatMap(({ manager_id }) => (typeof manager_id === 'string' ? [manager_id] : []))
    return ids.length === 0 ? [] : [statements.managersOf({ tenant, rows: JSON.stringify([...new Set(ids)]) })]
  }

  async function dress(rows: readonly Row[], derived: Needs['derived'], tenant: string): Promise<readonly Stored[]> {
    if (derived === false) return rows.map(storedOf)
    const found = await derivedOf(rows, tenant, derived)
    return rows.map((row) => ({ ...storedOf(row), derived: found.get(Number(row.row_id)) ?? {} }))
  }

  // Attempts to read a large group in portions while concurrent writers change it; then it is read at once.
  const mostAttempts = 3

  async function readInPortions(
    ref: ResourceRef,
    needs: Needs,
    context: Pick<ScimContext, 'tenant'>,
  ): Promise<Stored | 'changed' | undefined> {
    const values = { tenant: context.tenant, type: ref.type, id: ref.id }
    if (needs.members !== 'all') {
      const found = await namedInPortions(driver, statements, values, [...new Set(manyNamed(needs, manyMembers))])
      if (found === 'changed' || found === undefined) return found
      const [stored] = await dress([found.row], needs.derived, context.tenant)
      return stored && { ...stored, members: found.members }
    }
    const portion = statements.portionOfMembers({ ...values, after: 0, limit: membersInPortion(driver) })
    const [[row] = [], first = []] = await driver.read([statements.byRef(values), portion])
    if (row === undefined) return undefined
    const members = await membersInPortions(driver, statements, values, row, first)
    if (members === undefined) return 'changed'
    const [stored] = await dress([row], needs.derived, context.tenant)
    return stored && { ...stored, members }
  }

  return {
    async read(ref, needs, context) {
      const { tenant } = context
      const mayBeMany =
        dialect.readsLargeGroupsInPortions && (needs.members === 'all' || manyNamed(needs, manyMembers).length > 0)
      for (let attempt = 1; mayBeMany && attempt <= mostAttempts; attempt++) {
        const stored = await readInPortions(ref, needs, context)
        if (stored !== 'changed') return stored
      }
      const values = { tenant, type: ref.type, id: ref.id }
      const asked = [statements.byRef(values)]
      const withGroups = needs.derived === true
      if (withGroups) asked.push(statements.directGroupsOfRef(values))
      if (needs.members !== 'none') asked.push(membersOf(values, needs.members))
      const upTo = typeof needs.members === 'object' && 'upTo' in needs.members ? needs.members.upTo : undefined
      if (upTo !== undefined) asked.push(statements.moreThan({ ...values, upTo }))

      const [[row] = [], ...answers] = await driver.read(asked)
      if (row === undefined) return undefined
      const direct = withGroups ? answers.shift() : undefined
      const [members, more = []] = answers
      const managers = needs.derived === false ? [] : managersOf([row], tenant)
      const [found] = managers.length === 0 ? [] : await driver.read(managers)
      const groups = direct && (await groupsOfOne(store, statements, direct, tenant))
      const derived = needs.derived === false ? undefined : derivedFrom(row, groups && (() => groups), namesIn(found))
      const stored = derived === undefined ? storedOf(row) : { ...storedOf(row), derived }
      if (members === undefined || more.length > 0) return stored
      return { ...stored, members: asAsked(members.map(memberOf), needs.members) }
    },

    async readRows(numbers, needs, tenant) {
      if (numbers.length === 0) return new Map()
      const chosen = rowsText(numbers)
      const asked = [statements.byRows({ rows: chosen })]
      if (needs.members !== 'none') asked.push(membersOfRows(chosen, needs.members))
      const [rows = [], memberRows] = await driver.read(asked)
      const members = new Map<number, Member[]>()
      for (const row of memberRows ?? []) append(members, Number(row.group_row), memberOf(row))
      const stored = await dress(rows, needs.derived, tenant)
      return new Map(
        rows.map((row, index) => {
          const number = Number(row.row_id)
          const resource = stored[index] ?? storedOf(row)
          const own = asAsked(members.get(number) ?? [], needs.members)
          return [
            number,
            isTooMany(needs.members, own) || memberRows === undefined ? resource : { ...resource, members: own },
          ]
        }),
      )
    },

    async rowsWithDocs(numbers) {
      const [rows = []] = await driver.read([statements.byRows({ rows: rowsText(numbers) })])
      return new Map(rows.map((row) => [Number(row.row_id), row]))
    },

    heldRows: (rows, needs, bytes) => heldRows(store, statements, rows, needs, bytes),
    dress,
    derivedOf,
    membersOfRows,
    countMembersOfRows: (rows, upTo) => statements.countMembersOfRows({ rows, upTo }),
  }
}

function derivedFrom(
  { row_id, manager_id }: Row,
  groupsOf: GroupsOf | undefined,
  names: ReadonlyMap<string, string>,
): Derived {
  const name = typeof manager_id === 'string' ? names.get(manager_id) : undefined
  return {
    ...(groupsOf && { groups: groupsOf(Number(row_id)) }),
    ...(name !== undefined && { managerDisplayName: name }),
  }
}

/** The names of managers, by id. */
function namesIn(managers: readonly Row[] = []): ReadonlyMap<string, string> {
  const names = new Map<string, string>()
  for (const { id, doc } of managers) {
    const name = displayNameIn(doc)
    if (name !== undefined) names.set(String(id), name)
  }
  return names
}

interface Ref {
  readonly tenant: string
  readonly type: string
  readonly id: string
}

/** The ids of the requested members, if they are more than `most`. */
function manyNamed({ members }: Needs, most: number): readonly string[] {
  const only = typeof members === 'object' && 'only' in members ? members.only : []
  return only.length > most ? only : []
}

function isTooMany(need: MembersNeed, members: readonly Member[]): boolean {
  return typeof need === 'object' && 'upTo' in need && members.length > need.upTo
}

/** Members that were requested by id are returned in the requested order. */
function asAsked(members: readonly Member[], need: MembersNeed): readonly Member[] {
  if (typeof need !== 'object' || !('only' in need)) return members
  const byId = new Map(members.map((member) => [member.value, member]))
  return [...new Set(need.only)].flatMap((id) => byId.get(id) ?? [])
}

function append<Value>(map: Map<number, Value[]>, key: number, value: Value): void {
  const list = map.get(key)
  if (list === undefined) map.set(key, [value])
  else list.push(value)
}
