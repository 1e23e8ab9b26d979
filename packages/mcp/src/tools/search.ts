import type { JsonObject, JsonValue } from '@scimkit/core'
import { isArray, isObject, own } from '@scimkit/core/json'
import type { SearchRequest } from '@scimkit/core/operations'
import type { Attribute, ResourceType } from '@scimkit/core/schema'
import { isIn } from '../json-schema/attribute-schema.js'
import { objectSchema } from '../json-schema/json-schema.js'
import { resourceMembersOf } from '../results/resource-result.js'
import { dataNotice } from '../results/result.js'
import type { Subject } from '../subject.js'
import { optionalText, textArgument, textsArgument } from './arguments.js'
import { attributesArgument } from './get.js'
import { notice, outputSchema, resourceMembers } from './output-schemas.js'
import { readOnly, type Tool } from './tool.js'

const defaultCount = 20
const mostResults = 100
const operators = ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le', 'pr'] as const

/** Searches resources of the type, a page at a time. @see RFC 7644 §3.4.2.2; RFC 9865 §2 */
export function searchTool(subject: Subject, type: ResourceType): Tool {
  const { type: name, noun, bounds } = subject
  const paths = comparable(type)
  const condition = objectSchema(
    {
      attribute: { type: 'string', enum: paths },
      operator: {
        type: 'string',
        enum: operators,
        description:
          'eq equal, ne not equal, co contains, sw starts with, ew ends with, gt ge lt le order, pr has a value.',
      },
      value: { description: 'A text, a number, true or false. None for pr.' },
    },
    ['attribute', 'operator'],
  )
  return {
    name: `search_${noun}`,
    description: searchDescription(subject, type),
    inputSchema: objectSchema({
      conditions: { type: 'array', maxItems: 20, items: condition, description: 'Default: every resource.' },
      match: {
        type: 'string',
        enum: ['all', 'any'],
        description: 'Whether all conditions must hold, or one. Default all.',
      },
      filter: {
        type: 'string',
        maxLength: 4_096,
        description:
          'Instead of conditions: a SCIM filter, such as emails[type eq "work" and value co "@example.com"].',
      },
      sortBy: { type: 'string', enum: paths },
      sortOrder: { type: 'string', enum: ['ascending', 'descending'] },
      count: {
        type: 'integer',
        minimum: 1,
        maximum: mostResults,
        description: `Results of a page. Default ${defaultCount}.`,
      },
      cursor: {
        type: 'string',
        maxLength: 4_096,
        description: 'nextCursor of the page before, with the same arguments.',
      },
      attributes: attributesArgument(type),
    }),
    outputSchema: outputSchema(
      type,
      {
        resources: { type: 'array', items: objectSchema(resourceMembers, ['id', 'version']) },
        totalResults: { type: 'integer', description: 'Absent where counting would cost more than the page.' },
        nextCursor: { type: 'string', description: 'Absent on the last page.' },
        notice,
      },
      ['resources'],
    ),
    annotations: readOnly(`Search ${name}s`),
    async run(given, directory) {
      const page = await directory.search(name, searchOf(given, type))
      return {
        outcome: 'success',
        resources: page.resources.map((found) => resourceMembersOf(found, type, bounds)),
        ...(page.totalResults !== undefined && { totalResults: page.totalResults }),
        ...(page.nextCursor !== undefined && { nextCursor: page.nextCursor }),
        notice: dataNotice,
      }
    },
  }
}

function searchDescription({ type: name, noun }: Subject, type: ResourceType): string {
  const members =
    type.members === undefined
      ? ''
      : ` ${type.members.name} are left out unless attributes names them; a search with ${type.members.name}.value eq an id finds the ${name}s of one member.`
  return `Finds ${name}s, a page at a time. Each has its version, which a later write must name; get_${noun} reads one again.${members}`
}

function searchOf(given: JsonObject, type: ResourceType): SearchRequest {
  const attributes = textsArgument(given, 'attributes')
  const [filter, sortBy, sortOrder] = [filterOf(given), optionalText(given, 'sortBy'), optionalText(given, 'sortOrder')]
  const count = own(given, 'count')
  const members = type.members?.name
  return {
    count: typeof count === 'number' ? count : defaultCount,
    cursor: optionalText(given, 'cursor') ?? '',
    ...(filter !== undefined && { filter }),
    ...(sortBy !== undefined && { sortBy }),
    ...(sortOrder !== undefined && { sortOrder }),
    ...(attributes.length > 0 ? { attributes } : members !== undefined && { excludedAttributes: [members] }),
  }
}

function filterOf(given: JsonObject): string | undefined {
  const conditions = own(given, 'conditions')
  const terms = isArray(conditions) ? conditions.filter((term) => isObject(term)).map(termOf) : []
  const written = optionalText(given, 'filter')
  if (terms.length === 0) return written
  const joined = terms.join(own(given, 'match') === 'any' ? ' or ' : ' and ')
  return written === undefined ? joined : `(${written}) and (${joined})`
}

// JSON text is a value of a filter. @see RFC 7644 §3.4.2.2
function termOf(term: JsonObject): string {
  const [attribute, operator] = [textArgument(term, 'attribute'), textArgument(term, 'operator')]
  const value: JsonValue = own(term, 'value') ?? null
  return operator === 'pr' ? `${attribute} pr` : `${attribute} ${operator} ${JSON.stringify(value)}`
}

/** The paths that a condition may name: simple attributes, and the parts of complex ones. */
function comparable(type: ResourceType): readonly string[] {
  const all = [type.attributes, ...type.extensions.map(({ schema }) => schema.attributes)]
  return all.flatMap((attributes) => [...attributes.values()].flatMap(pathsOf))
}

function pathsOf(attribute: Attribute): readonly string[] {
  if (!isIn(attribute, 'returned')) return []
  if (attribute.type !== 'complex') return attribute.unreadable === undefined ? [attribute.path] : []
  return [...attribute.subAttributes.values()].flatMap(pathsOf)
}
