import type { Exchange, ExchangeRequest, ExchangeResponse } from '@scimkit/testkit'
import { collectionOf, observe, type Seen } from './observe.js'
import { type Condition, type Document, type Step, slots, type Target } from './operations.js'

const schemas = {
  User: 'urn:ietf:params:scim:schemas:core:2.0:User',
  Group: 'urn:ietf:params:scim:schemas:core:2.0:Group',
}
const json = { Accept: 'application/scim+json', 'Content-Type': 'application/scim+json' }

/** A run: the resource of each slot, and every tag that was returned for it. */
interface Run {
  readonly exchange: Exchange
  /** Path by `User 0`. */
  readonly paths: Map<string, string>
  readonly known: Map<string, Seen>
  readonly tags: Map<string, Set<string>>
}

/** Runs a sequence and reads every resource after every step. Rejects with the first violation of the rules of tags. */
export async function play(exchange: Exchange, steps: readonly Step[]): Promise<void> {
  const run: Run = { exchange, paths: new Map(), known: new Map(), tags: new Map() }
  for (const [i, step] of steps.entries()) {
    try {
      await playStep(run, step)
    } catch (error) {
      throw new Error(
        `step ${i + 1}, ${JSON.stringify(step)}: ${error instanceof Error ? error.message : String(error)}`,
      )
    }
  }
}

async function playStep(run: Run, step: Step): Promise<void> {
  const path = step.kind === 'list' ? undefined : run.paths.get(key(step.target))
  const request = requestOf(run, step, path)
  if (request === undefined) return
  const before = path === undefined ? undefined : run.known.get(path)
  const response = await run.exchange(request)
  if (response.status >= 500) throw new Error(describe(response))

  const born = step.kind === 'create' && response.status === 201 ? made(run, step.target, response) : undefined
  await lookAround(run)
  const about = born ?? path
  if (about !== undefined && step.kind !== 'list') checkAnswer(step, response, before, run.known.get(about))
  if (step.kind === 'list') checkList(run, response)
}

function requestOf(run: Run, step: Step, path: string | undefined): ExchangeRequest | undefined {
  switch (step.kind) {
    case 'create':
      // An occupied slot is not used again: a second resource in it would not be observed.
      if (path !== undefined) return undefined
      return {
        method: 'POST',
        path: collectionOf(step.target.type),
        headers: json,
        body: bodyOf(run, step.target, step.document),
      }
    case 'list': {
      const collection = collectionOf(step.type)
      if (!step.search) return { method: 'GET', path: `${collection}${step.projection}`, headers: json }
      const body = JSON.stringify({ schemas: ['urn:ietf:params:scim:api:messages:2.0:SearchRequest'] })
      return { method: 'POST', path: `${collection}/.search`, headers: json, body }
    }
    case 'put':
      return conditional(run, path, step.condition, (to) => ({
        method: 'PUT',
        path: `${to}${step.projection}`,
        body: bodyOf(run, step.target, step.document),
      }))
    case 'put-back':
      return conditional(run, path, step.condition, (to) => ({
        method: 'PUT',
        path: to,
        body: run.known.get(to)?.document ?? '{}',
      }))
    case 'patch':
      return conditional(run, path, step.condition, (to) => ({
        method: 'PATCH',
        path: `${to}${step.projection}`,
        headers: step.minimal ? { Prefer: 'return=minimal' } : {},
        body: filled(
          run,
          JSON.stringify({ schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations: step.operations }),
        ),
      }))
    case 'delete':
      return conditional(run, path, step.condition, (to) => ({ method: 'DELETE', path: to }))
    case 'get':
      return conditional(run, path, step.condition, (to) => ({ method: step.method, path: `${to}${step.projection}` }))
  }
}

function conditional(
  run: Run,
  path: string | undefined,
  condition: Condition,
  build: (path: string) => ExchangeRequest,
): ExchangeRequest | undefined {
  if (path === undefined) return undefined
  const current = run.known.get(path)?.tag ?? 'W/"none"'
  const stale = [...(run.tags.get(path) ?? [])].find((tag) => tag !== current) ?? 'W/"1-000000000000000000000000"'
  const headers: Readonly<Record<Condition, Readonly<Record<string, string>>>> = {
    none: {},
    current: { 'If-Match': current },
    stale: { 'If-Match': stale },
    star: { 'If-Match': '*' },
    list: { 'If-Match': `${stale}, ${current}` },
    'none-match-current': { 'If-None-Match': current },
    'none-match-star': { 'If-None-Match': '*' },
  }
  const request = build(path)
  return { ...request, headers: { ...json, ...request.headers, ...headers[condition] } }
}

function bodyOf(run: Run, target: Target, document: Document): string {
  return filled(run, JSON.stringify({ schemas: [schemas[target.type]], ...document }))
}

// A user that does not exist yet is referred to by an id that could exist.
function filled(run: Run, text: string): string {
  return text.replace(/\{user:(\d)\}/g, (_, slot: string) => {
    const path = run.paths.get(key({ type: 'User', slot: Number(slot) }))
    return path?.slice('/Users/'.length) ?? `unknown-${slot}`
  })
}

const key = ({ type, slot }: Target): string => `${type} ${slot % slots}`

function made(run: Run, target: Target, response: ExchangeResponse): string {
  const path = `${collectionOf(target.type)}/${JSON.parse(response.body).id}`
  if (run.tags.has(path)) throw new Error(`the id of ${path} was used before`)
  run.paths.set(key(target), path)
  return path
}

/** Reads every resource, and compares it with the previous read. */
async function lookAround(run: Run): Promise<void> {
  for (const [name, path] of run.paths) {
    const before = run.known.get(path)
    const after = await observe(run.exchange, path)
    if (after === undefined) {
      run.paths.delete(name)
      run.known.delete(path)
      continue
    }
    if (before !== undefined) compare(path, before, after)
    const tags = run.tags.get(path) ?? new Set()
    if (before?.tag !== after.tag && tags.has(after.tag))
      throw new Error(`${path}: the tag ${after.tag} was used again`)
    run.tags.set(path, tags.add(after.tag))
    run.known.set(path, after)
  }
}

function compare(path: string, before: Seen, after: Seen): void {
  const tagMoved = before.tag !== after.tag
  const stateMoved = before.state !== after.state
  if (tagMoved !== stateMoved) {
    const what = tagMoved ? 'the tag moved and the state did not' : 'the state moved and the tag did not'
    throw new Error(`${path}: ${what}\n${before.tag} ${before.state}\n${after.tag} ${after.state}`)
  }
  if ((before.lastModified !== after.lastModified) !== tagMoved) {
    throw new Error(
      `${path}: lastModified ${before.lastModified} → ${after.lastModified}, tag ${before.tag} → ${after.tag}`,
    )
  }
}

/** The response for one resource has the current tag, and its status follows from the precondition. */
function checkAnswer(
  step: Exclude<Step, { kind: 'list' }>,
  response: ExchangeResponse,
  before: Seen | undefined,
  after: Seen | undefined,
): void {
  const { status, headers, body } = response
  const deleted = step.kind === 'delete' && status === 204
  const speaks = [200, 201, 204, 304, 412].includes(status) && !deleted
  if (speaks && headers.etag !== after?.tag)
    throw new Error(`the tag is ${after?.tag}, the response is ${describe(response)}`)
  if (speaks && body !== '') {
    const { meta } = JSON.parse(body)
    if (meta?.version !== undefined && meta.version !== headers.etag)
      throw new Error(`meta.version: ${describe(response)}`)
  }
  if ([204, 304].includes(status) && body !== '') throw new Error(`a body: ${describe(response)}`)
  if (deleted && after !== undefined) throw new Error('deleted, but still readable')
  const wanted = 'condition' in step && before !== undefined ? refusal(step) : undefined
  // A request may also be invalid; the precondition decides only if there is no other reason to refuse it.
  if (wanted !== undefined && status !== wanted) throw new Error(`expected ${wanted}: ${describe(response)}`)
  if (wanted === undefined && [304, 412].includes(status))
    throw new Error(`refused without a reason: ${describe(response)}`)
  if (wanted !== undefined && before?.tag !== after?.tag)
    throw new Error(`changed by a refused request: ${describe(response)}`)
}

function refusal(step: { readonly kind: Step['kind']; readonly condition: Condition }): number | undefined {
  if (step.condition === 'stale') return 412
  if (!step.condition.startsWith('none-match')) return undefined
  return step.kind === 'get' ? 304 : 412
}

function checkList(run: Run, response: ExchangeResponse): void {
  const { Resources = [] } = JSON.parse(response.body) as { readonly Resources?: readonly Listed[] }
  for (const { id, meta } of Resources) {
    const seen = [...run.known].find(([path]) => path.endsWith(`/${id}`))?.[1]
    if (meta?.version !== undefined && meta.version !== seen?.tag) {
      throw new Error(`${id} is listed as ${meta.version}, its tag is ${seen?.tag}`)
    }
  }
}

interface Listed {
  readonly id: string
  readonly meta?: { readonly version?: string }
}

const describe = ({ status, headers, body }: ExchangeResponse): string =>
  `${status}, ETag ${headers.etag}, ${body.slice(0, 300)}`
