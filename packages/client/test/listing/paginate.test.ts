/** Paginating lists of this server and of servers that deviate from the RFC. */
import { describe, expect, test } from '@jest/globals'
import { createClient, failureOf, type ScimClient } from '@scimkit/client'
import { base, faulty, server } from '../support/server.js'

const names = async (all: AsyncIterable<{ readonly userName?: string }>): Promise<string> => {
  let text = ''
  for await (const { userName = '?' } of all) text += userName
  return text
}

async function people(scim: ScimClient, letters: string): Promise<void> {
  for (const userName of letters) await scim.users.create({ userName })
}

const letters = 'abcdefghijklmnopqrstuvwxyz'

describe('this server', () => {
  test('is paged by cursor, and only as many pages are requested as the caller reads', async () => {
    const { fetch, requests } = faulty(server())
    const scim = createClient(base, { fetch })
    await people(scim, letters)
    requests.length = 0
    expect(await names(scim.users.all({ count: 10, sortBy: 'userName', sortOrder: 'descending' }))).toBe(
      [...letters].reverse().join(''),
    )
    expect(requests.map(({ url }) => new URL(url).pathname)).toEqual([
      '/scim/v2/ServiceProviderConfig',
      ...Array(3).fill('/scim/v2/Users'),
    ])
    expect(requests.slice(1).every(({ url }) => new URL(url).searchParams.has('cursor'))).toBe(true)
    requests.length = 0
    for await (const _user of scim.users.all({ count: 10 })) break
    expect(requests).toHaveLength(1)
    expect(await names(scim.users.all({ count: 20, via: 'search', attributes: ['userName'] }))).toBe(letters)
    expect(requests.at(-1)).toMatchObject({ method: 'POST', url: `${base}/Users/.search` })
  })

  test('a resource that exists throughout is returned once, despite concurrent writers', async () => {
    const scim = createClient(base, { fetch: server() })
    await people(scim, letters)
    let seen = ''
    for await (const { id, userName } of scim.users.all({ count: 5, sortBy: 'userName' })) {
      seen += userName
      if (userName < 'f') await scim.users.delete(id)
    }
    expect(seen).toBe(letters)
  })
})

interface StrangeServer {
  readonly cursor?: boolean
  readonly list: (parameters: URLSearchParams, nth: number) => unknown
}

function strange({ cursor = false, list }: StrangeServer): ScimClient {
  let nth = 0
  return createClient(base, {
    fetch: async (url) => {
      const { pathname, searchParams } = new URL(url)
      const body = pathname.endsWith('Config') ? { pagination: { cursor } } : list(searchParams, nth++)
      return new Response(JSON.stringify(body))
    },
  })
}

const user = (userName: string) => ({ id: userName, userName })
const range = (from: number, count: number) => [...letters.slice(from - 1, from - 1 + count)].map(user)
const startOf = (parameters: URLSearchParams): number => Number(parameters.get('startIndex') ?? 1)

describe('a server by index', () => {
  test.each<[string, StrangeServer['list'], string]>([
    [
      'that gives fewer than asked, and says so or not',
      (asked, nth) => ({ totalResults: 26, itemsPerPage: 10, Resources: range(startOf(asked), nth + 1) }),
      letters,
    ],
    ['that sends no total', (asked) => ({ Resources: range(startOf(asked), 10) }), letters],
    ['that sends numbers as text', (asked) => ({ totalResults: '26', Resources: range(startOf(asked), 10) }), letters],
    ['that gives more than asked', () => ({ totalResults: 26, Resources: range(1, 26) }), letters],
    [
      'whose total grows',
      (asked, nth) => ({ totalResults: 11 + 10 * nth, Resources: range(startOf(asked), 10) }),
      letters,
    ],
    [
      'whose total shrinks',
      (asked, nth) => ({ totalResults: 26 - 10 * nth, Resources: range(startOf(asked), 10) }),
      letters.slice(0, 20),
    ],
    ['whose total is too high', (asked) => ({ totalResults: 1_000, Resources: range(startOf(asked), 10) }), letters],
    ['with nothing', () => ({ totalResults: 0 }), ''],
    [
      'where a concurrent create shifts all resources',
      (asked, nth) => ({ totalResults: 26, Resources: range(startOf(asked) - (nth > 0 ? 1 : 0), 10) }),
      letters,
    ],
    [
      'where a concurrent create precedes a page of one, and the last resource is deleted',
      (asked, nth) => ({ totalResults: 3, Resources: range(startOf(asked) - (nth > 1 ? 1 : 0), 1) }),
      'ab',
    ],
  ])('%s', async (_name, list, expected) => {
    expect(await names(strange({ list }).users.all({ count: 10 }))).toBe(expected)
  })

  test('that always returns the first page ends with an error', async () => {
    const { users } = strange({ list: () => ({ totalResults: 26, Resources: range(1, 10) }) })
    await expect(names(users.all())).rejects.toThrow('returned the previous page again')
  })
})

describe('a server by cursor', () => {
  test('whose cursors form a cycle ends with an error', async () => {
    let pages = 0
    const { users } = strange({
      cursor: true,
      list: () => ({ Resources: range((pages % 20) + 1, 1), nextCursor: `c${pages++ < 7 ? pages : (pages % 5) + 8}` }),
    })
    const error = await names(users.all()).catch((caught: unknown) => caught)
    expect(failureOf(error)).toEqual({ kind: 'invalidResponse', status: 200 })
    expect(pages).toBeLessThan(30)
  })

  test('that returns empty pages in between, and an empty cursor at the end', async () => {
    const { users } = strange({
      cursor: true,
      list: (_asked, nth) => ({ Resources: nth === 1 ? [] : range(nth + 1, 1), nextCursor: ['x', 'y', ''][nth] }),
    })
    expect(await names(users.all())).toBe('ac')
  })

  test('that announces cursors but sends none is paged by index', async () => {
    const list = (asked: URLSearchParams) => ({ totalResults: 26, Resources: range(startOf(asked), 10) })
    expect(await names(strange({ cursor: true, list }).users.all())).toBe(letters)
  })
})
