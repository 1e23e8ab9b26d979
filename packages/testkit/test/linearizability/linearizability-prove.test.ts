import { describe, expect, jest, test } from '@jest/globals'
import { createScim, noAuthentication, type ScimOptions } from '@scimkit/core'
import type { ResourceProvider } from '@scimkit/core/provider'
import { memoryProvider } from '@scimkit/memory-provider'
import { bind, type Exchange, linearizability, linearizabilityContract, viaHandler } from '@scimkit/testkit'
import { inconsistentProviders, losesAllLaterWrites } from '../broken-providers/not-linearizable.js'
import { effort, seed } from '../support/effort.js'
import { frameworks } from '../support/frameworks.js'
import { start } from '../support/start.js'

// REL-1. One store behind four servers that do not share their queues.
const servers = 4
const { seeds, operations } = { short: { seeds: 1, operations: 4_000 }, full: { seeds: 20, operations: 50_000 } }[
  effort
]

jest.setTimeout({ short: 300_000, full: 3_600_000 }[effort])

function optionsOf(provider: ResourceProvider): ScimOptions {
  // Conflicts are expected here, so warnings about repeated conflicts are ignored.
  return { provider, authenticate: noAuthentication(), onError: () => undefined }
}

function inProcess(provider: ResourceProvider): readonly Exchange[] {
  return Array.from({ length: servers }, () => viaHandler(createScim(optionsOf(provider)).handle))
}

const listener = await frameworks['Express 5']()

describe('over HTTP, four servers on one memory', () => {
  const options = optionsOf(memoryProvider())
  const exchanges = Array.from({ length: servers }, () => start(listener(options)).exchange)

  test.each(Array.from({ length: seeds }, (_, i) => seed + i))(
    `16 clients × ${operations} operations on 32 hot resources are linearizable (seed %d)`,
    async (own) => {
      const report = await linearizability({ servers: exchanges, operations, seed: own })
      const { violations, undecided, unknown, conflicts, counts, ...figures } = report
      process.stdout.write(`linearizability: ${JSON.stringify({ ...figures, conflicts, ...counts })}\n`)
      expect({ violations, undecided, unknown }).toEqual({ violations: [], undecided: [], unknown: 0 })
      expect(report.operations).toBeGreaterThan(operations)
      // All kinds of requests occurred, many of them concurrently.
      expect(Math.min(...Object.values(counts))).toBeGreaterThan(operations / 200)
      expect(conflicts).toBeGreaterThan(operations / 50)
    },
  )
})

describe('in this process, as a contract case', () => {
  bind({ test }, linearizabilityContract({ servers: inProcess(memoryProvider()), operations: 3_000, seed }))
})

describe('a store is flagged that', () => {
  test.each(inconsistentProviders)('$name', async ({ make }) => {
    const report = await linearizability({ servers: inProcess(make()), operations: 2_500, seed })
    expect(report.violations.length).toBeGreaterThan(0)
    expect(report.undecided).toEqual([])
  })

  test('loses writes: the check of final reads flags the lost last writes too', async () => {
    const { violations } = await linearizability({ servers: inProcess(losesAllLaterWrites()), operations: 2_500, seed })
    expect(violations.join('\n')).toContain('the final read shows a state that no last write left')
  })

  test('reads, compares, waits, and replaces: also with one server, and as a contract case', async () => {
    const [first] = inconsistentProviders
    const exchange = viaHandler(createScim(optionsOf(first?.make() ?? memoryProvider())).handle)
    const [contractCase] = linearizabilityContract({ servers: [exchange], operations: 2_000, seed })
    await expect(contractCase?.run()).rejects.toThrow('no order explains')
  })
})

test('a run ends at its time limit', async () => {
  // A clock that advances by 0.1 ms at each read: the run does not depend on the speed of the machine.
  let time = 0
  const report = await linearizability({
    servers: inProcess(memoryProvider()),
    operations: 10_000_000,
    milliseconds: 300,
    roundOperations: 200,
    seed,
    now: () => (time += 100_000),
  })
  expect(report).toMatchObject({ violations: [], undecided: [] })
  expect(report.operations).toBeGreaterThan(200)
  expect(report.operations).toBeLessThan(3_000)
})

test('a server that often does not respond causes unknown outcomes, but no violations', async () => {
  const honest = viaHandler(createScim(optionsOf(memoryProvider())).handle)
  let asked = 0
  // Every fifth request gets no response, whether it was carried out or not.
  const silent: Exchange = async (request) => {
    asked += 1
    if (request.method === 'GET' || asked < 100 || asked % 5 !== 0) return honest(request)
    if (asked % 2 === 0) await honest(request)
    throw new Error('the connection was lost')
  }
  const report = await linearizability({ servers: [silent], operations: 3_000, seed })
  expect(report).toMatchObject({ violations: [], undecided: [] })
  expect(report.unknown).toBeGreaterThan(100)
})

describe('impossible responses are flagged:', () => {
  const honest = (): Exchange => viaHandler(createScim(optionsOf(memoryProvider())).handle)
  const lies: readonly { readonly what: string; readonly server: () => Exchange; readonly says: string }[] = [
    {
      what: 'an ETag that is not meta.version',
      server: () => {
        const server = honest()
        return async (request) => {
          const response = await server(request)
          return request.method === 'PUT' && response.status === 200
            ? { ...response, headers: { ...response.headers, etag: 'W/"0"' } }
            : response
        }
      },
      says: 'ETag W/"0" with meta.version',
    },
    {
      what: '403 to a PATCH',
      server: () => {
        const server = honest()
        return (request) =>
          request.method === 'PATCH' ? Promise.resolve({ status: 403, headers: {}, body: '' }) : server(request)
      },
      says: 'status 403 is not valid for a PATCH',
    },
    {
      what: '409 to a POST that takes no name',
      server: () => {
        const server = honest()
        return (request) =>
          request.method === 'POST' && request.path === '/Groups'
            ? Promise.resolve({ status: 409, headers: {}, body: '' })
            : server(request)
      },
      says: 'No resource and no name explains',
    },
    {
      what: 'a body that is not JSON',
      server: () => {
        const server = honest()
        let made = 0
        return async (request) => {
          const response = await server(request)
          const isOurs = request.method === 'POST' && request.path === '/Users' && ++made > 60
          return isOurs ? { ...response, body: '<html>' } : response
        }
      },
      says: 'a body that is not a JSON object',
    },
  ]

  test.each(lies)('$what', async ({ server, says }) => {
    const { violations } = await linearizability({ servers: [server()], operations: 1_000, seed })
    expect(violations.join('\n')).toContain(says)
  })
})
