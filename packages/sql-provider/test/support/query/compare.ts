/**
 * Sends the same queries about the same resources to two providers and reports the differences. One of them is the memory provider
 * with the core's `queryInMemory`, which defines the meaning of filters, sorting and pages.
 * @see RFC 7644 §3.4.2
 */
import { httpVersion, type JsonObject, type JsonValue, type RawVersion, type ScimContext, tenantId } from '@scimkit/core'
import { jsonEqual } from '@scimkit/core/json'
import {
  firstVersion,
  type Next,
  nextVersion,
  type Page,
  type Query,
  type ResourceProvider,
  type Stored,
  unwrap,
} from '@scimkit/core/provider'
import { memoryProvider } from '@scimkit/memory-provider'
import { testContext } from '@scimkit/testkit'
import { type SeededRandom, seededRandom } from '../../../../testkit/src/seeded-random.js'
import { generateData, type Made } from './generate-data.js'
import type { Known } from './generate-filter.js'
import { generateQuestion, type Question } from './generate-question.js'
import type { TypeName } from './types.js'

/** The size of a comparison. */
export interface Comparison {
  readonly seed: number
  /** Queries in total. */
  readonly questions: number
  /** Queries for one set of resources before the next set is generated. */
  readonly questionsPerSet: number
}

/** The result of a comparison. */
export interface Differences {
  readonly asked: number
  /** Queries with results. */
  readonly answered: number
  /** Descriptions with all data to reproduce the difference; at most {@link mostShown}. */
  readonly differences: readonly string[]
}

const mostShown = 5
const typeNames: readonly TypeName[] = ['User', 'User', 'User', 'Group', 'Group', 'Device']

/**
 * Compares a provider with the memory provider. Each set of resources is inserted into its own tenant and stays there. The provider
 * should index the attributes that `types.ts` names.
 */
export async function compareWithMemory(
  provider: ResourceProvider,
  { seed, questions, questionsPerSet }: Comparison,
): Promise<Differences> {
  const differences: string[] = []
  let asked = 0
  let answered = 0
  for (let set = 0; asked < questions && differences.length < mostShown; set++) {
    const random = seededRandom(seed + set)
    const memory = memoryProvider()
    const size = 8 + random.below(50)
    const context = testContext(tenantId(`differential-${crypto.randomUUID()}`))
    const known = await fill([memory, provider], random, size, context)
    for (let i = 0; i < questionsPerSet && asked < questions && differences.length < mostShown; i++) {
      const question = generateQuestion(random, random.pick(typeNames), known, size)
      asked += 1
      const [expected, seen] = [await answerOf(memory, question, context), await answerOf(provider, question, context)]
      if (expected.resources.length > 0) answered += 1
      const difference = differenceOf(expected, seen)
      if (difference !== undefined) {
        differences.push(`seed ${seed + set}, question ${i}: ${question.text}\n${difference}`)
      }
    }
  }
  return { asked, answered, differences }
}

async function fill(
  providers: readonly ResourceProvider[],
  random: SeededRandom,
  size: number,
  context: ScimContext,
): Promise<Known> {
  const made = generateData(random, size)
  const instants: string[] = []
  const versions = new Map<Made, RawVersion>()
  // Times repeat and decrease: a clock may be set back, and several writes may happen in one millisecond.
  const at = (): string => {
    const instant = new Date(Date.UTC(2026, 0, 1) + random.below(20) * 500).toISOString()
    instants.push(instant)
    return instant
  }
  const nextOf = (document: JsonObject, version: RawVersion, members: Next['members']): Next => ({
    resource: document,
    version,
    at: at(),
    unique: [],
    members,
  })
  // The same for all providers: a cascade has to result in equal versions in all of them.
  const nonce = (): string => random.below(1_000_000).toString(16).padStart(12, '0')
  for (const one of made) {
    const version = firstVersion(`${random.below(1000)}`, nonce())
    const add = one.members.map((value) => (random.oneIn(3) ? { value } : { value, type: 'User' }))
    const next = nextOf(one.document, version, { add, remove: [] })
    for (const provider of providers) unwrap(await provider.insert(one.ref, next, context))
    versions.set(one, version)
  }
  for (const one of made) {
    if (!random.oneIn(4)) continue
    const version = versions.get(one) as RawVersion
    const remove = one.members.filter(() => random.oneIn(2))
    const source = random.pick(made.filter(({ ref }) => ref.type === one.ref.type))
    const next = nextOf(
      { ...source.document, id: one.ref.id },
      nextVersion(version, nonce(), `${random.below(1000)}`),
      {
        add: [],
        remove,
      },
    )
    for (const provider of providers) unwrap(await provider.replace(one.ref, version, next, context))
    versions.set(one, next.version)
  }
  // A removal changes the versions of groups, so the removed resource is read first.
  for (const one of made) {
    if (!random.oneIn(10)) continue
    const removal = { at: at(), nonce: nonce() }
    for (const provider of providers) {
      const stored = await provider.read(one.ref, { members: 'none', derived: false }, context)
      if (stored !== undefined) unwrap(await provider.remove(one.ref, stored.version, removal, context))
    }
    versions.delete(one)
  }
  return {
    ids: [...made.map(({ ref }) => ref.id), 'nobody', 'N\u00eb', ''],
    instants,
    versions: [...versions.values()].map(httpVersion),
  }
}

/** All results of a query, from all its pages. */
interface Answer {
  readonly totalResults: number | undefined
  readonly resources: readonly JsonObject[]
  readonly thrown?: string
}

async function answerOf(provider: ResourceProvider, question: Question, context: ScimContext): Promise<Answer> {
  try {
    return await pagesOf(provider, question, context)
  } catch (error) {
    return { totalResults: undefined, resources: [], thrown: error instanceof Error ? (error.stack ?? '') : 'thrown' }
  }
}

async function pagesOf(provider: ResourceProvider, question: Question, context: ScimContext): Promise<Answer> {
  const { type, walk } = question
  if (walk.kind === 'index') {
    const { totalResults, resources } = await provider.query(type, queryOf(question, walk), context)
    return { totalResults, resources: resources.map(shown) }
  }
  const resources: JsonObject[] = []
  let totalResults: number | undefined
  let after: string | undefined
  for (;;) {
    const page: Page = await provider.query(type, queryOf(question, { after, count: walk.count }), context)
    totalResults ??= page.totalResults
    resources.push(...page.resources.map(shown))
    if (page.resources.length > walk.count) throw new Error(`a page of ${page.resources.length}`)
    if (page.next === undefined) return { totalResults, resources }
    if (page.resources.length < walk.count) throw new Error('a page that is not full says that there are more')
    after = page.next
  }
}

function queryOf({ filter, sort, needs }: Question, page: Query['page']): Query {
  return { filter, sort, page, needs }
}

function shown(stored: Stored): JsonObject {
  const { ref, version, created, lastModified, members, derived } = stored
  const document = 'resource' in stored ? stored.resource : (JSON.parse(stored.json) as JsonObject)
  return asJson({
    ref,
    version,
    created,
    lastModified,
    document,
    ...(members !== undefined && { members }),
    ...(derived !== undefined && { derived }),
  }) as JsonObject
}

function asJson(value: unknown): JsonValue {
  return value as JsonValue
}

function differenceOf(expected: Answer, seen: Answer): string | undefined {
  if (seen.thrown !== expected.thrown) return `  thrown: ${seen.thrown}`
  const [expectedIds, seenIds] = [idsOf(expected), idsOf(seen)]
  if (!jsonEqual(expectedIds, seenIds))
    return `  expected ${JSON.stringify(expectedIds)}\n  saw      ${JSON.stringify(seenIds)}`
  // A keyset page need not count.
  if (seen.totalResults !== undefined && seen.totalResults !== expected.totalResults) {
    return `  expected a total of ${expected.totalResults}, saw ${seen.totalResults}`
  }
  const at = expected.resources.findIndex((resource, i) => !jsonEqual(resource, seen.resources[i]))
  if (at === -1) return undefined
  return `  expected ${JSON.stringify(expected.resources[at])}\n  saw      ${JSON.stringify(seen.resources[at])}`
}

function idsOf({ resources }: Answer): JsonValue {
  return resources.map(({ ref }) => (ref as JsonObject).id as JsonValue)
}
