import type { Exchange, ExchangeResponse } from '../exchange.js'
import {
  bodyOf,
  described,
  ensure,
  get,
  isSuccess,
  type Made,
  makeGroup,
  makeUser,
  patch,
  put,
  remove,
  tally,
} from './client.js'
import type { Race } from './race.js'

const clients = 32

/** The number of resources, and of adds per resource: realistic sizes, and work for all clients, whatever the total is. */
function shared(count: number): { readonly resources: number; readonly each: number } {
  const each = Math.min(Math.max(Math.ceil(count / 20), 50), 500)
  return { resources: Math.ceil(count / each), each }
}

/** 32 clients add members to one group concurrently and without If-Match: no add is lost, and none is refused. */
export const memberAdds: Race = {
  id: 'race-member-adds',
  title: `${clients} clients add distinct members by PATCH without If-Match: no acknowledged add is lost, no 503`,
  level: 'MUST',
  citation: 'RFC 7644 §3.5.2.1; FP-V14; REL-3',
  counts: { short: 2_000, full: 50_000 },
  run: async (exchange, count) => {
    const { resources, each } = shared(count)
    const users = await inParallel(each, () => makeUser(exchange))
    for (let i = 0; i < resources; i++) {
      const group = await makeGroup(exchange)
      await addAll(
        exchange,
        group,
        'members',
        users.map(({ id }) => id),
      )
      await exchange(remove(group))
    }
    await inParallel(each, (i) => exchange(remove(users[i] as Made)))
  },
}

/** The same with a list inside the document, which every add rewrites completely. */
export const mailAdds: Race = {
  id: 'race-mail-adds',
  title: `${clients} clients add distinct e-mails by PATCH without If-Match: no acknowledged add is lost, no 503`,
  level: 'MUST',
  citation: 'RFC 7644 §3.5.2.1; FP-V14; REL-3',
  counts: { short: 1_000, full: 50_000 },
  run: async (exchange, count) => {
    const { resources, each } = shared(count)
    for (let i = 0; i < resources; i++) {
      const user = await makeUser(exchange)
      await addAll(
        exchange,
        user,
        'emails',
        Array.from({ length: each }, (_, n) => `mail-${n}@example.com`),
      )
      await exchange(remove(user))
    }
  },
}

/** 64 concurrent PUTs without If-Match: all succeed, each creates a new version, and the last one is the stored state. */
export const unconditionalPuts: Race = {
  id: 'race-unconditional-puts',
  title: '64 concurrent PUTs without If-Match: all succeed, in some sequential order',
  level: 'MUST',
  citation: 'RFC 7644 §3.5.1; FP-V14',
  counts: { short: 20, full: 400 },
  run: async (exchange, count) => {
    for (let round = 0; round < count; round++) {
      const user = await makeUser(exchange)
      const puts = Array.from({ length: 64 }, (_, i) => exchange(put(user, `put ${i}`)))
      const responses = await Promise.all(puts)
      const where = `round ${round}`
      ensure(responses.every(isSuccess), () => `${where}: expected 64 × 2xx, got ${tally(responses)}`)
      ensureDistinctTags([user.tag, ...responses.map(({ headers }) => headers.etag)], where)
      const after = await exchange(get(user.path))
      const last = responses.findIndex(({ headers }) => headers.etag === after.headers.etag)
      ensure(
        last >= 0 && bodyOf(after).title === `put ${last}`,
        () => `${where}: no acknowledged PUT wrote the stored value under this tag: ${described(after)}`,
      )
      await exchange(remove(user))
    }
  },
}

async function addAll(exchange: Exchange, made: Made, attribute: string, values: readonly string[]): Promise<void> {
  const acknowledged: string[] = []
  const responses = await inParallel(values.length, async (i) => {
    const value = values[i] as string
    const response = await exchange(patch(made.path, { op: 'add', path: attribute, value: [{ value }] }))
    if (isSuccess(response)) acknowledged.push(value)
    return response
  })
  const refused = responses.find((response) => !isSuccess(response))
  ensure(
    refused === undefined,
    () => `${attribute}: got ${tally(responses)}, for example ${refused && described(refused)}`,
  )
  ensureDistinctTags([made.tag, ...responses.map(({ headers }) => headers.etag)], attribute)
  const after = await exchange(get(made.path))
  const found = valuesOf(after, attribute)
  const lost = acknowledged.filter((value) => !found.includes(value))
  ensure(lost.length === 0, () => `${attribute}: ${lost.length} of ${acknowledged.length} acknowledged adds are lost`)
  ensure(
    found.length === acknowledged.length,
    () => `${attribute}: ${acknowledged.length} adds were acknowledged, ${found.length} values are stored`,
  )
}

function valuesOf(response: ExchangeResponse, attribute: string): readonly unknown[] {
  const list = bodyOf(response)[attribute]
  ensure(response.status === 200 && Array.isArray(list), () => `${attribute}: GET returns ${described(response)}`)
  return list.map((element: { readonly value?: unknown }) => element.value)
}

function ensureDistinctTags(tags: readonly (string | undefined)[], where: string): void {
  ensure(!tags.includes(undefined), () => `${where}: an acknowledged write has no ETag`)
  const distinct = new Set(tags).size
  ensure(distinct === tags.length, () => `${where}: ${tags.length} versions were acknowledged under ${distinct} tags`)
}

// Each of the 32 clients takes the next item as soon as it finished one, so all 32 are busy until the end.
async function inParallel<Result>(count: number, work: (i: number) => Promise<Result>): Promise<readonly Result[]> {
  const results: Result[] = []
  let next = 0
  const client = async (): Promise<void> => {
    while (next < count) {
      const i = next++
      results[i] = await work(i)
    }
  }
  await Promise.all(Array.from({ length: clients }, client))
  return results
}
