import { expect, test } from '@jest/globals'
import { newToken, tokenProblem } from '../../src/secrets/token.js'

test('a new token is long, unique and accepted', () => {
  const tokens = Array.from({ length: 100 }, newToken)
  expect(new Set(tokens).size).toBe(100)
  for (const token of tokens) expect([token.length, tokenProblem(token)]).toEqual([80, undefined])
})

test('a token of one repeated character is rejected', () => {
  for (const token of ['a'.repeat(32), '0'.repeat(64), `${'x'.repeat(40)}==`]) {
    expect(tokenProblem(token)).toContain('one character repeated')
  }
  expect(tokenProblem(`${'a'.repeat(31)}b`)).toBeUndefined()
})
