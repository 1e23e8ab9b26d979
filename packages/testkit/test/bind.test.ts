import { describe, expect, it } from '@jest/globals'
import { bind, type ContractCase, type RegisterTest } from '@scimkit/testkit'

const kept: ContractCase = {
  id: 'kept',
  title: 'is kept',
  level: 'MUST',
  citation: 'RFC 1',
  run: async () => undefined,
}
const broken: ContractCase = {
  ...kept,
  id: 'broken',
  run: async () => {
    throw new Error('not kept')
  },
}

/** The report of a runner: each title with `passed` or the message of the failure. */
async function report(
  cases: readonly ContractCase[],
  waivers?: Parameters<typeof bind>[2],
): Promise<[string, string][]> {
  const tests: [string, () => Promise<void>][] = []
  const register: RegisterTest = (title, run) => tests.push([title, run])
  bind({ it: register }, cases, waivers)
  const ends: [string, string][] = []
  for (const [title, run] of tests) {
    ends.push([
      title,
      await run().then(
        () => 'passed',
        (error: Error) => error.message,
      ),
    ])
  }
  return ends
}

describe('bind', () => {
  it('registers each case under its id, title, level and citation', async () => {
    expect(await report([kept, broken])).toEqual([
      ['kept: is kept [MUST, RFC 1]', 'passed'],
      ['broken: is kept [MUST, RFC 1]', 'not kept'],
    ])
  })

  it('takes a runner with `test` instead of `it`', () => {
    const titles: string[] = []
    bind({ test: (title) => titles.push(title) }, [kept])
    expect(titles).toHaveLength(1)
  })

  it('accepts the failure of a waived case, and shows the reason', async () => {
    const waived = await report([broken], [{ id: 'broken', reason: 'no such column' }])
    expect(waived).toEqual([['broken: is kept [MUST, RFC 1] (waived: no such column)', 'passed']])
  })

  it('fails on a waiver that is stale, has no reason, or names no case', async () => {
    expect((await report([kept], [{ id: 'kept', reason: 'once' }]))[0]?.[1]).toContain('stale')
    expect((await report([broken], [{ id: 'broken', reason: ' ' }]))[0]?.[1]).toContain('needs a reason')
    expect((await report([kept], [{ id: 'unheard-of', reason: 'x' }]))[1]?.[1]).toContain('no case "unheard-of"')
  })
})
