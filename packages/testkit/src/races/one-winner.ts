import type { Exchange, ExchangeRequest, ExchangeResponse } from '../exchange.js'
import { bodyOf, described, ensure, get, isSuccess, type Made, makeUser, patch, put, remove, tally } from './client.js'
import type { Race } from './race.js'

/** One writer of a race: its request, and the title of the user if it wins (undefined: the user is deleted). */
interface Writer {
  readonly request: ExchangeRequest
  readonly title: string | undefined
}

type MakeWriter = (user: Made, i: number) => Writer

const putter: MakeWriter = (user, i) => ({ request: put(user, `put ${i}`, user.tag), title: `put ${i}` })
const patcher: MakeWriter = (user, i) => ({
  request: patch(user.path, { op: 'replace', path: 'title', value: `patch ${i}` }, user.tag),
  title: `patch ${i}`,
})
const remover: MakeWriter = (user) => ({ request: remove(user, user.tag), title: undefined })

// The order of the writers changes with the round, because the first request has the best chance to win.
const mixes: readonly (readonly MakeWriter[])[] = [[putter], [patcher], [putter, patcher], [patcher, putter, remover]]

/** 64 writers with the same tag: one of them succeeds, and the store contains its change. */
export const oneWinner: Race = {
  id: 'race-one-winner',
  title: '64 writers with one tag: exactly one 2xx, the others 412 (404 where a DELETE won)',
  level: 'MUST',
  citation: 'RFC 7644 §3.14; RFC 9110 §13.1.1; FP-V15; REL-2',
  counts: { short: 50, full: 10_000 },
  run: async (exchange, count) => {
    for (let round = 0; round < count; round++) {
      await runRound(exchange, 64, round, mixes[round % mixes.length] ?? [putter])
    }
  },
}

/** A DELETE and a PUT with the same tag: exactly one of them takes effect. */
export const removeAgainstReplace: Race = {
  id: 'race-remove-replace',
  title: 'DELETE against PUT with one tag: exactly one of them takes effect',
  level: 'MUST',
  citation: 'RFC 7644 §3.14; RFC 9110 §13.1.1; FP-V15; REL-2',
  counts: { short: 50, full: 1_000 },
  run: async (exchange, count) => {
    for (let round = 0; round < count; round++) {
      await runRound(exchange, round % 2 === 0 ? 2 : 16, round, [remover, putter])
    }
  },
}

async function runRound(exchange: Exchange, size: number, round: number, mix: readonly MakeWriter[]): Promise<void> {
  const user = await makeUser(exchange)
  const writers = Array.from({ length: size }, (_, i) => (mix[(i + round) % mix.length] ?? putter)(user, i))
  const responses = await Promise.all(writers.map(({ request }) => exchange(request)))
  const winners = writers.filter((_, i) => isSuccess(responses[i] as ExchangeResponse))
  const where = `round ${round}`
  ensure(winners.length === 1, () => `${where}: expected one winner, got ${tally(responses)}`)
  const [winner] = winners
  const after = await exchange(get(user.path))
  if (winner?.title === undefined) ensureDeleted(responses, after, where)
  else ensureStored(responses, after, winner.title, where)
  if (winner?.title !== undefined) await exchange(remove(user))
}

function ensureStored(
  responses: readonly ExchangeResponse[],
  after: ExchangeResponse,
  title: string,
  where: string,
): void {
  const losers = responses.filter((response) => !isSuccess(response))
  ensure(
    losers.every(({ status }) => status === 412),
    () => `${where}: expected 412 for all but the winner, got ${tally(responses)}`,
  )
  ensure(
    after.status === 200 && bodyOf(after).title === title,
    () => `${where}: "${title}" was acknowledged, the store has ${described(after)}`,
  )
  // Only one write took effect, so all responses have the same tag.
  const odd = responses.find(({ headers }) => headers.etag !== after.headers.etag)
  ensure(
    odd === undefined,
    () => `${where}: expected ETag ${after.headers.etag} in every response, got ${odd && described(odd)}`,
  )
}

function ensureDeleted(responses: readonly ExchangeResponse[], after: ExchangeResponse, where: string): void {
  const losers = responses.filter((response) => !isSuccess(response))
  ensure(
    losers.every(({ status }) => status === 404),
    () => `${where}: a DELETE won, so expected 404 for all others, got ${tally(responses)}`,
  )
  ensure(after.status === 404, () => `${where}: a DELETE was acknowledged, a GET then returns ${described(after)}`)
}
