/** Reads a page of resources of one type. @see RFC 7644 §3.4.2 */
import type { ScimContext } from '../context.js'
import { ScimError, scimError } from '../errors.js'
import type { Filter } from '../filter/ast.js'
import { parseFilter } from '../filter/parse.js'
import { refuseSensitive } from '../filter/sensitive.js'
import type { Limits } from '../limits.js'
import type { IndexPage, Needs, Page, Sort, Stored } from '../provider/provider.js'
import type { ResourceType } from '../schema/attribute.js'
import { resolvePath } from '../schema/path.js'
import type { Engine } from './engine.js'
import { findType } from './find-type.js'
import { listResponse } from './list-response.js'
import type { OutcomeByKind, QueryOperation, SearchRequest } from './operation.js'
import { presentationFor } from './present.js'
import { representAll } from './represent.js'

/** The page, as a ListResponse. */
export async function query(
  engine: Engine,
  context: ScimContext,
  operation: QueryOperation,
): Promise<OutcomeByKind['query']> {
  const type = findType(engine, operation.type)
  if (Array.isArray(operation.precondition?.match)) {
    throw scimError.preconditionFailed('If-Match cannot hold for a list: a list has no version.')
  }
  const search = typeof operation.search === 'function' ? await operation.search() : operation.search
  const { limits } = engine
  const presentation = presentationFor(engine, context, type, search)
  const { filter, sort } = operation.viaPost
    ? asInvalidFilter(() => filterAndSort(type, search, context, limits))
    : filterAndSort(type, search, context, limits)
  const page = indexPage(search, limits)
  const needs = boundedNeeds(presentation.needs, limits.pageMembers)
  const found = await engine.provider.query(type.name, { filter, sort, page, needs }, context)
  const totalResults = totalOf(found)
  const resources = boundedPage(found.resources, limits.pageMembers)
  const [first] = resources
  if (first !== undefined && (first.members?.length ?? 0) > limits.pageMembers) {
    // One group alone is over the bound: it is shown whole, or the client could never get past it.
    const whole = await engine.provider.read(first.ref, presentation.needs, context)
    if (whole !== undefined) resources[0] = whole
  }
  const texts = await representAll(engine, context, presentation, resources)
  const head = JSON.stringify({
    schemas: [listResponse],
    totalResults,
    startIndex: page.startIndex,
    itemsPerPage: resources.length,
  })
  return {
    kind: 'list',
    value: {
      totalResults,
      startIndex: page.startIndex,
      itemsPerPage: resources.length,
      text: `${head.slice(0, -1)},"Resources":[${texts.join(',')}]}`,
    },
  }
}

// RFC 7644 §3.4.2, table 3: an index list MUST have it. Clients walk by it, so a guess would end their walk too early.
function totalOf({ totalResults }: Page): number {
  if (totalResults === undefined) throw new Error('The provider gave an index page without totalResults.')
  return totalResults
}

function filterAndSort(
  type: ResourceType,
  search: SearchRequest,
  context: ScimContext,
  limits: Limits,
): { readonly filter: Filter | undefined; readonly sort: Sort | undefined } {
  return { filter: readFilter(type, search.filter, context, limits), sort: readSort(type, search, context) }
}

function readFilter(
  type: ResourceType,
  text: string | undefined,
  context: ScimContext,
  limits: Limits,
): Filter | undefined {
  if (text === undefined || (context.interop.emptyFilter && text.trim() === '')) return undefined
  return parseFilter(text, type, context.interop, limits)
}

// RFC 7644 §3.4.2.3. An unknown attribute sorts nothing: no resource has a value of it.
function readSort(type: ResourceType, search: SearchRequest, context: ScimContext): Sort | undefined {
  const { sortBy, sortOrder } = search
  const order = sortOrder?.toLowerCase() ?? 'ascending'
  if (order !== 'ascending' && order !== 'descending') {
    throw scimError.invalidValue('sortOrder must be ascending or descending.')
  }
  if (sortBy === undefined || sortBy === '') return undefined
  const path = resolvePath(type, sortBy, context.interop)
  if (path?.attribute === undefined) {
    if (context.interop.unknownFilterAttributes) return undefined
    throw scimError.invalidPath('sortBy names an attribute that no schema of this type knows.')
  }
  refuseSensitive(path)
  if (path.sub === undefined && path.attribute.type === 'complex' && !path.attribute.subAttributes.has('value')) {
    throw scimError.invalidPath(`sortBy needs a part of ${path.text}, like ${path.text}.${firstPart(type, path.text)}.`)
  }
  return { path, descending: order === 'descending' }
}

function firstPart(type: ResourceType, name: string): string {
  const [first] = type.attributes.get(name.toLowerCase())?.subAttributes.values() ?? []
  return first?.name ?? 'value'
}

// In a POST a filter on a secret attribute is 400, so that 403 tells nobody who may read what.
function asInvalidFilter<Value>(read: () => Value): Value {
  try {
    return read()
  } catch (error) {
    if (error instanceof ScimError && error.scimType === 'sensitive') throw scimError.invalidFilter(error.message)
    throw error
  }
}

// RFC 7644 §3.4.2.4: below 1 is 1, a negative count is 0; the server may return fewer than asked for.
function indexPage({ startIndex = 1, count }: SearchRequest, limits: Limits): IndexPage {
  if (!Number.isSafeInteger(startIndex) || !Number.isSafeInteger(count ?? 0)) {
    throw scimError.invalidValue('startIndex and count take whole numbers.')
  }
  return {
    startIndex: Math.max(1, startIndex),
    count: Math.min(Math.max(0, count ?? limits.pageSize), limits.maxPageSize),
  }
}

// A page of large groups stops early; itemsPerPage says so, and the next startIndex goes on from there.
function boundedPage(resources: readonly Stored[], mostMembers: number): Stored[] {
  let members = 0
  const page: Stored[] = []
  for (const stored of resources) {
    members += (stored.members?.length ?? 0) + (stored.derived?.groups?.length ?? 0)
    if (members > mostMembers && page.length > 0) break
    page.push(stored)
  }
  return page
}

// No group brings more members than would end the page anyway.
function boundedNeeds(needs: Needs, mostMembers: number): Needs {
  return needs.members === 'all' ? { ...needs, members: { first: mostMembers + 1 } } : needs
}
