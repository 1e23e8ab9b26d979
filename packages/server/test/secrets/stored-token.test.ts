import { describe, expect, test } from '@jest/globals'
import { ensureToken, storedToken } from '../../src/secrets/stored-token.js'
import { newToken } from '../../src/secrets/token.js'
import { memoryFacts } from '../../src/store/memory-facts.js'

describe('the token', () => {
  const sends = (token: string | undefined) => ({
    header: (name: string) => (name === 'authorization' && token ? `Bearer ${token}` : undefined),
  })

  test('is generated once, and only its hash is stored', async () => {
    const facts = memoryFacts()
    const first = await ensureToken(facts, false)
    if (first.kind !== 'generated') throw new Error(first.kind)
    expect(await ensureToken(facts, false)).toEqual({ kind: 'stored' })
    const kept = await facts.read('token.sha256')
    expect(kept).toMatch(/^[0-9a-f]{64}$/)
    expect(first.token).not.toContain(kept)
  })

  test('is one for any number of concurrent starts', async () => {
    const facts = memoryFacts()
    const news = await Promise.all(Array.from({ length: 8 }, () => ensureToken(facts, false)))
    expect(news.map(({ kind }) => kind).sort()).toEqual([...Array.from({ length: 7 }, () => 'concurrent'), 'generated'])
    const others = await Promise.all(Array.from({ length: 8 }, () => ensureToken(facts, true)))
    expect(others.filter(({ kind }) => kind === 'generated')).toHaveLength(1)
  })

  test('authenticates clients that send it, and no client while none is stored', async () => {
    const facts = memoryFacts()
    const authenticate = storedToken(facts, { tenant: 'one' })
    const ask = async (token?: string) => (await authenticate({ ...sends(token) } as never, undefined))?.tenant
    expect([await ask(), await ask(newToken())]).toEqual([undefined, undefined])
    const news = await ensureToken(facts, false)
    if (news.kind !== 'generated') throw new Error(news.kind)
    expect([await ask(news.token), await ask(newToken()), await ask(`${news.token}x`), await ask()]).toEqual([
      'one',
      undefined,
      undefined,
      undefined,
    ])
  })
})
