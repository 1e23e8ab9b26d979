import type { Exchange, ExchangeResponse } from '../exchange.js'
import type { AttackTarget, HostileCase } from './hostile-case.js'
import { createUser, get, groupUrn, send } from './requests.js'

/** Whether a server handled one hostile request correctly. */
export type AttackResult = { readonly ok: true } | { readonly ok: false; readonly why: string }

/** Options of {@link attack}. */
export interface AttackOptions {
  /** Time limit for the response, in milliseconds of `clock`. Default: not checked. */
  readonly within?: number
  /** Returns milliseconds. In process use a clock of CPU time, which does not advance while other processes run. */
  readonly clock?: () => number
}

/** Creates the resources that the hostile set addresses. Rejects unless the server creates a user and a group. */
export async function createAttackTarget(exchange: Exchange): Promise<AttackTarget> {
  const email = '"emails":[{"value":"prey@example.com","type":"work"}]'
  const user = await exchange(createUser('hostile-prey', email))
  const id = idOf(user)
  const members = `{"schemas":["${groupUrn}"],"displayName":"hostile-prey","members":[{"value":"${id}"}]}`
  const group = await exchange(send('POST', '/Groups', members))
  return { user: id, group: idOf(group), tag: user.headers.etag ?? '' }
}

function idOf({ status, body }: ExchangeResponse): string {
  const { id } = (status === 201 ? JSON.parse(body) : {}) as { readonly id?: unknown }
  if (typeof id !== 'string') throw new Error(`expected 201 with an id, got ${status} ${body}`)
  return id
}

/**
 * Sends one hostile request and checks the invariants of every request: an expected status and never a 5xx, a SCIM error
 * that reveals nothing, unchanged prototypes, and an unchanged store after a refusal.
 */
export async function attack(
  hostile: HostileCase,
  exchange: Exchange,
  { within, clock = Date.now }: AttackOptions = {},
): Promise<AttackResult> {
  const store = await snapshot(exchange)
  const prototypes = prototypeKeys()
  const started = clock()
  const response = await exchange(hostile.request).catch((error: unknown) => new Error('no response', { cause: error }))
  const elapsed = clock() - started
  if (response instanceof Error) return failed(`no response: ${String(response.cause)}`)
  if (prototypeKeys() !== prototypes) return failed('a prototype was changed')

  const why = whatIsWrong(hostile, response)
  if (why !== undefined) return failed(`${why}: ${response.status} ${response.body.slice(0, 300)}`)
  if (response.status >= 400 || hostile.changesNothing === true) {
    if ((await snapshot(exchange)) !== store) return failed(`the store was changed, with status ${response.status}`)
  } else {
    await undo(exchange, hostile, response)
  }
  return within === undefined || elapsed < within
    ? { ok: true }
    : inTime(hostile, exchange, { within, clock, first: elapsed })
}

const failed = (why: string): AttackResult => ({ ok: false, why })

function whatIsWrong(hostile: HostileCase, response: ExchangeResponse): string | undefined {
  const { status, headers, body } = response
  const { statuses, platform = [], notEchoed } = hostile
  const own = statuses.includes(status)
  if (!own && !platform.includes(status)) return `expected ${statuses.join(' or ')}`
  if (notEchoed !== undefined && `${JSON.stringify(headers)}${body}`.includes(notEchoed)) return `echoes ${notEchoed}`
  if (status < 400) return undefined
  if (!isScimError(response)) return platform.includes(status) ? undefined : 'expected a SCIM error'
  if (headers['x-content-type-options'] !== 'nosniff') return 'expected nosniff'
  // A stack trace, a file path or the name of an exception is useful only to an attacker.
  if (/\bat .+:\d+:\d+|\.[cm]?[jt]s:\d+|node_modules|\b(Type|Syntax|Range|Reference|URI)Error\b/.test(body))
    return 'reveals internal details'
  return undefined
}

function isScimError({ status, headers, body }: ExchangeResponse): boolean {
  if (!(headers['content-type'] ?? '').startsWith('application/scim+json')) return false
  try {
    const error = JSON.parse(body) as { readonly schemas?: unknown; readonly status?: unknown }
    const [schema] = Array.isArray(error.schemas) ? error.schemas : []
    return schema === 'urn:ietf:params:scim:api:messages:2.0:Error' && error.status === String(status)
  } catch {
    return false
  }
}

interface Timing {
  readonly within: number
  readonly clock: () => number
  /** The time of the first response. */
  readonly first: number
}

// Other load only adds time, so the minimum of three is the best estimate.
async function inTime(
  hostile: HostileCase,
  exchange: Exchange,
  { within, clock, first }: Timing,
): Promise<AttackResult> {
  const times = [first]
  for (let i = 0; i < 2; i++) {
    const started = clock()
    const response = await exchange(hostile.request)
    times.push(clock() - started)
    await undo(exchange, hostile, response)
  }
  return Math.min(...times) < within
    ? { ok: true }
    : failed(`response times ${times.join(', ')} ms, expected under ${within}`)
}

// Removes the resource that an accepted request created, so that the store stays small and names stay unused.
async function undo(exchange: Exchange, { request }: HostileCase, response: ExchangeResponse): Promise<void> {
  if (response.status !== 201) return
  await exchange({ ...get(`${request.path}/${encodeURIComponent(idOf(response))}`), method: 'DELETE' })
}

async function snapshot(exchange: Exchange): Promise<string> {
  const users = await exchange(get('/Users?count=200'))
  const groups = await exchange(get('/Groups?count=200'))
  return `${users.status} ${users.body}\n${groups.status} ${groups.body}`
}

function prototypeKeys(): string {
  const prototypes = [Object.prototype, Array.prototype, Function.prototype, String.prototype, Map.prototype]
  return prototypes.map((prototype) => Reflect.ownKeys(prototype).map(String).join(' ')).join('\n')
}
