/** The page of the tools for agents is that of the tools. */
import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { page, pageText } from '../agent-tools.mjs'

test('docs/guide/agent-tools.md is up to date: node tools/agent-tools.mjs --write', async () => {
  expect(readFileSync(page, 'utf8')).toBe(await pageText())
})
