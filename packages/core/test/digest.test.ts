import { expect, test } from '@jest/globals'
import { digest } from '#digest'
import { digest as onNode } from '../src/digest.node.js'
import { digest as onWeb } from '../src/digest.web.js'

test('on Node, `#digest` is the synchronous one', () => {
  expect(digest).toBe(onNode)
})

test.each(['', 'abc', 'Zoë 🦊'])('node:crypto and WebCrypto give the same digest of %j', async (text) => {
  expect(await onWeb(text)).toBe(onNode(text))
  expect(onNode(text)).toMatch(/^[0-9a-f]{64}$/)
})
