import { expect, test } from '@jest/globals'
import { bearerToken, type Ports } from '@scimkit/core'
import { memoryProvider } from '@scimkit/memory-provider'
import * as fc from 'fast-check'
import { honoClasses } from '../support/differential/platform.js'
import { population, requests, type WireRequest } from '../support/differential/requests.js'
import { sendRaw, type WireAnswer } from '../support/differential/send.js'
import { effort, seed } from '../support/effort.js'
import { frameworks } from '../support/frameworks.js'
import { start } from '../support/start.js'

const token = 'a-token-of-32-characters-or-more-it-is'
const runs = { short: 500, full: 5_000 }[effort]

/** A server whose clock, ids and random bytes depend only on the request, so that all servers return the same responses. */
interface Stage {
  readonly name: string
  /** `turn` determines the time, the prefix of ids and the random bytes; it is different for each request. */
  readonly ask: (request: WireRequest, turn: number) => Promise<WireAnswer>
}

async function stage(name: keyof typeof frameworks): Promise<Stage> {
  const listener = await frameworks[name]()
  let turn = 0
  let ids = 0
  let drawn = 0
  const ports: Partial<Ports> = {
    now: () => Date.UTC(2026, 0, 1) + turn * 1_000,
    newId: () => `id-${turn}-${ids++}`,
    random: () => 0.5,
    randomBytes: (count) => new Uint8Array(count).map((_, i) => (i === 0 ? drawn++ : turn >> (8 * (i - 1)))),
  }
  const port = await start(listener({ provider: memoryProvider(), authenticate: bearerToken(token), ports })).port
  return {
    name,
    ask: (request, number) => {
      turn = number
      ids = 0
      drawn = 0
      return sendRaw(port, request)
    },
  }
}

const stages: Stage[] = []
for (const name of Object.keys(frameworks)) stages.push(await stage(name as keyof typeof frameworks))

// The first id of a request is the request id; in the population the second one is that of the resource.
async function populate({ ask }: Stage, tags: Map<string, string>): Promise<void> {
  for (const [i, { collection, body }] of population.entries()) {
    const bytes = new TextEncoder().encode(JSON.stringify(body))
    const headers = [
      ['Host', 'scim.example'],
      ['Authorization', `Bearer ${token}`],
      ['Content-Type', 'application/scim+json'],
      ['Content-Length', String(bytes.length)],
    ] as const
    const target = `/scim/v2${collection}`
    const answer = await ask({ method: 'POST', target, headers, body: bytes, chunk: undefined }, i)
    expect(answer).toMatchObject({ status: 201, headers: { location: `http://scim.example${target}/id-${i}-1` } })
    tags.set(`${target}/id-${i}-1`, answer.headers.etag ?? '')
  }
}

// Connection headers and the framing of bodies are hop-by-hop and not compared.
function comparable({ status, headers, body }: WireAnswer): unknown {
  const { date, connection, 'keep-alive': _, ...own } = headers
  return { status, headers: own, body }
}

function withTag(request: WireRequest, tags: ReadonlyMap<string, string>): WireRequest {
  const tag = tags.get(request.target.split('?', 1)[0] ?? '') ?? '"none"'
  return { ...request, headers: request.headers.map(([name, value]) => [name, value.replace('{tag}', tag)]) }
}

test(`${runs} requests have the same response from all adapters: status, headers, bytes (seed ${seed})`, async () => {
  process.stdout.write(`differential: ${runs} requests, SCIMKIT_SEED=${seed}\n`)
  const tags = new Map<string, string>()
  for (const one of stages) await populate(one, tags)
  const [reference, ...others] = stages
  if (reference === undefined) throw new Error('no adapters')
  const statuses = new Map<number, number>()
  const classes = new Map<string, number>()
  const differences: unknown[] = []
  for (const [i, drawn] of fc.sample(requests, { seed, numRuns: runs }).entries()) {
    const request = withTag(drawn, tags)
    const expected = await reference.ask(request, population.length + i)
    statuses.set(expected.status, (statuses.get(expected.status) ?? 0) + 1)
    if (expected.headers.etag !== undefined) tags.set(request.target.split('?', 1)[0] ?? '', expected.headers.etag)
    for (const { name, ask } of others) {
      const own = name === 'Hono' ? honoClasses.find(({ applies }) => applies(request)) : undefined
      if (own !== undefined) classes.set(own.name, (classes.get(own.name) ?? 0) + 1)
      // Requests that a platform changes must not change the store, or the servers would differ.
      if (own !== undefined && !['GET', 'HEAD', 'OPTIONS'].includes(request.method)) continue
      const answer = await ask(request, population.length + i)
      const same =
        own === undefined
          ? JSON.stringify(sorted(comparable(answer))) === JSON.stringify(sorted(comparable(expected)))
          : own.accepts(answer)
      if (!same)
        differences.push({
          request: { ...request, body: request.body?.length },
          [reference.name]: comparable(expected),
          [name]: comparable(answer),
        })
    }
  }
  process.stdout.write(
    `  statuses: ${[...statuses]
      .sort(([a], [b]) => a - b)
      .map(([status, n]) => `${n} × ${status}`)
      .join(', ')}\n`,
  )
  for (const { name, reason } of honoClasses) {
    process.stdout.write(`  left out for Hono: ${classes.get(name) ?? 0} × ${name}: ${reason}\n`)
  }
  expect(differences).toEqual([])
  // Most requests must succeed, because comparing only refusals proves little.
  const done = [...statuses].filter(([status]) => status < 400).reduce((sum, [, n]) => sum + n, 0)
  expect(done).toBeGreaterThan(runs / 20)
})

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  return Object.entries(value)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, one]) => [name, sorted(one)])
}
