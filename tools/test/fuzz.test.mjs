/** The fuzzer itself: the same seed gives the same cases, a fault is found and shortened, the corpus is run first. */
import { describe, expect, test } from '@jest/globals'
import { corpusOf, targetNames } from '../../fuzz/corpus.mjs'
import { fuzz, textOfCase, violationOf } from '../../fuzz/engine.mjs'

const words = [' eq ', 'not (', 'userName']
const targetWith = (check) => ({ name: 'filter', words, check })

describe('the fuzzer', () => {
  test('every target has a corpus', () => {
    expect(targetNames()).toEqual(
      expect.arrayContaining(['filter', 'patch', 'json', 'etag', 'cursor', 'bulk', 'requests', 'mcp']),
    )
    for (const name of targetNames()) expect(corpusOf(name).size).toBeGreaterThan(2)
  })

  test('a case follows from seed and number alone', () => {
    const texts = [...corpusOf('filter').values()]
    const target = targetWith(() => undefined)
    const cases = (seed) => Array.from({ length: 50 }, (_, number) => textOfCase(target, texts, seed, number))
    expect(cases(7)).toEqual(cases(7))
    expect(cases(8)).not.toEqual(cases(7))
    expect(new Set(cases(7)).size).toBeGreaterThan(45)
  })

  test('a target that generates texts generates one in two, and changes some of those', () => {
    const target = { ...targetWith(() => undefined), generate: () => 'generated text' }
    const all = Array.from({ length: 400 }, (_, number) => textOfCase(target, ['kept'], 7, number))
    const whole = all.filter((text) => text === 'generated text').length
    expect(whole).toBeGreaterThan(60)
    expect(whole).toBeLessThan(140)
    expect(all.filter((text) => text.startsWith('gen')).length).toBeGreaterThan(whole)
  })

  test('finds a fault that few texts reach, and shortens it', async () => {
    const faulty = targetWith((text) => {
      if (text.includes('((') && text.includes('"')) throw new Error('planted')
    })
    const { findings } = await fuzz(faulty, { seed: 3, cases: 3_000 })
    expect(findings).toHaveLength(5)
    const found = findings.filter((finding) => typeof finding.case === 'number')
    for (const { text, violation } of found) {
      expect(violation).toContain('planted')
      expect(text.length).toBeLessThan(8)
    }
    // Without the fault there is none.
    expect(
      (
        await fuzz(
          targetWith(() => undefined),
          { seed: 3, cases: 3_000 },
        )
      ).findings,
    ).toEqual([])
  })

  test('runs the texts of the corpus first, and names them', async () => {
    const seen = []
    const { findings } = await fuzz(
      targetWith((text) => {
        if (text === 'password pr') throw new Error('planted')
      }),
      { seed: 1, cases: 0, onCase: (number) => seen.push(number) },
    )
    expect(seen).toEqual([...corpusOf('filter').keys()].map((_name, i) => -1 - i))
    expect(findings).toMatchObject([{ case: 'never-returned.txt', text: 'password pr' }])
  })

  test('a changed prototype and a rejection are violations', async () => {
    const polluting = targetWith(() => {
      Object.defineProperty(Object.prototype, 'polluted', { value: true, configurable: true })
    })
    expect(await violationOf(polluting, 'x')).toBe('Object has changed')
    Reflect.deleteProperty(Object.prototype, 'polluted')
    const { includes } = Array.prototype
    const replacing = targetWith(() => {
      Array.prototype.includes = () => true
    })
    expect(await violationOf(replacing, 'x')).toBe('Array has changed')
    Array.prototype.includes = includes
    expect(
      await violationOf(
        targetWith(async () => Promise.reject(new Error('late'))),
        'x',
      ),
    ).toContain('late')
    expect(
      await violationOf(
        targetWith(() => undefined),
        'x',
      ),
    ).toBeUndefined()
  })
})
