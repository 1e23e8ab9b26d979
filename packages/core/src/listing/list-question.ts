/**
 * The question of a list: to one type or, at the root, to all of them. Each type reads filter and sort with its own
 * schemas.
 * @see RFC 7644 §3.4.2.1, §3.4.2.2, §3.4.2.3
 */
import type { ScimContext } from '../context.js'
import type { Call } from '../engine/call.js'
import { findType } from '../engine/find-type.js'
import { ScimError, scimError } from '../errors.js'
import { parseFilterAcross } from '../filter/across-types.js'
import type { Filter } from '../filter/ast.js'
import { fullPath } from '../filter/attributes-of.js'
import { parseFilter } from '../filter/parse.js'
import { printFilter } from '../filter/print.js'
import { refuseSensitiveSort } from '../filter/sensitive.js'
import type { QueryOperation, SearchRequest } from '../operation-types/operation.js'
import { type Presentation, presentationFor } from '../presenting/presentation.js'
import type { Needs, Sort } from '../provider/provider.js'
import type { AttributePath, ResourceType } from '../schema/attribute.js'
import { resolvePath } from '../schema/path.js'

/** The part of a list that one type has. */
export interface ListPart {
  readonly presentation: Presentation
  readonly filter: Filter | undefined
  /** Undefined without a sort, and where the type does not have the sort attribute. */
  readonly sort: Sort | undefined
  /** The parts of each resource that a page needs. */
  readonly needs: Needs
}

/** The question of a list. */
export interface ListQuestion {
  /** In the order of the types' registration; empty if nothing can match. */
  readonly parts: readonly ListPart[]
  /** How the parts are sorted into each other; undefined if they follow one after the other. */
  readonly sorted: { readonly descending: boolean } | undefined
  /** The same for the same question and no other, however it was spelled. Computed on request: only cursors need it. */
  readonly text: () => string
}

/**
 * The question of an operation. Throws 404 for a type that does not exist, 400 for an invalid filter or sort, and for a
 * secret in them 403 `sensitive`, or 400 in a POST: 403 would reveal which callers may read an attribute. `shown` are
 * the types whose resources the response may contain; undefined: all. The others are left out, and the meaning of the
 * filter is the same with and without them.
 */
export function listQuestion(
  call: Call,
  { type, viaPost }: Pick<QueryOperation, 'type' | 'viaPost'>,
  search: SearchRequest,
  shown?: ReadonlySet<string>,
): ListQuestion {
  const types = type === undefined ? [...call.engine.types.values()] : [findType(call.engine, type)]
  const presentations = types.map((one) => presentationFor(call, one, search))
  const read = (): readonly ListPart[] => {
    const filters = type === undefined ? filtersAcross(call, types, search) : undefined
    const sorts = readSorts(types, search, call.context)
    return presentations.flatMap((presentation, i) => {
      const filter = filters === undefined ? filterOfOne(call, presentation.type, search) : filters[i]
      if (filter === false || shown?.has(presentation.type.name) === false) return []
      const needs = boundedNeeds(presentation.needs, call.engine.limits.pageMembers)
      return [{ presentation, filter: filter === true ? undefined : filter, sort: sorts[i], needs }]
    })
  }
  const parts = viaPost ? asInvalidFilter(read) : read()
  const sorted = parts.length > 1 ? parts.find(({ sort }) => sort !== undefined)?.sort : undefined
  return { parts, sorted: sorted && { descending: sorted.descending }, text: () => textOf(type, parts) }
}

function filterOfOne(call: Call, type: ResourceType, { filter }: SearchRequest): Filter | undefined {
  return asksNothing(filter, call.context)
    ? undefined
    : parseFilter(filter, type, call.context.interop, call.engine.limits)
}

function filtersAcross(
  call: Call,
  types: readonly ResourceType[],
  { filter }: SearchRequest,
): readonly (Filter | boolean)[] {
  if (asksNothing(filter, call.context)) return types.map(() => true)
  return parseFilterAcross(filter, types, call.context.interop, call.engine.limits).map((one) => one.filter)
}

function asksNothing(filter: string | undefined, { interop }: ScimContext): filter is undefined {
  return filter === undefined || (interop.emptyFilter && filter.trim() === '')
}

// RFC 7644 §3.4.2.3. A type without the attribute has no data for it; an attribute that no type has does not sort.
function readSorts(
  types: readonly ResourceType[],
  { sortBy, sortOrder }: SearchRequest,
  { interop }: ScimContext,
): readonly (Sort | undefined)[] {
  const order = sortOrder?.toLowerCase() ?? 'ascending'
  if (order !== 'ascending' && order !== 'descending') {
    throw scimError.invalidValue('sortOrder must be ascending or descending.')
  }
  if (sortBy === undefined || sortBy === '') return types.map(() => undefined)
  const paths = types.map((type) => sortPath(type, resolvePath(type, sortBy, interop)))
  if (!interop.unknownFilterAttributes && paths.every((path) => path === undefined)) {
    throw scimError.invalidPath('sortBy names an attribute that no schema of this type knows.')
  }
  return paths.map((path) => path && { path, descending: order === 'descending' })
}

function sortPath(type: ResourceType, path: AttributePath | undefined): AttributePath | undefined {
  if (path?.attribute === undefined) return undefined
  refuseSensitiveSort(path)
  if (path.sub === undefined && path.attribute.type === 'complex' && !path.attribute.subAttributes.has('value')) {
    throw scimError.invalidPath(`sortBy needs a part of ${path.text}, like ${path.text}.${firstPart(type, path.text)}.`)
  }
  return path
}

function firstPart(type: ResourceType, name: string): string {
  const [first] = type.attributes.get(name.toLowerCase())?.subAttributes.values() ?? []
  return first?.name ?? 'value'
}

// In a POST a filter on a secret attribute is 400, so that 403 does not reveal which callers may read an attribute.
function asInvalidFilter<Value>(read: () => Value): Value {
  try {
    return read()
  } catch (error) {
    if (error instanceof ScimError && error.scimType === 'sensitive') throw scimError.invalidFilter(error.message)
    throw error
  }
}

// Few enough members that no group exceeds the bound at which the page ends anyway.
function boundedNeeds(needs: Needs, mostMembers: number): Needs {
  return needs.members === 'all' ? { ...needs, members: { first: mostMembers + 1 } } : needs
}

function textOf(type: string | undefined, parts: readonly ListPart[]): string {
  return JSON.stringify([
    type ?? null,
    ...parts.map(({ presentation, filter, sort }) => [
      presentation.type.name,
      filter === undefined ? null : printFilter(filter),
      sort === undefined ? null : [fullPath(sort.path), sort.descending],
    ]),
  ])
}
