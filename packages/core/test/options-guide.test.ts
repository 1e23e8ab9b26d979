import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { interopFrom } from '../src/entry-points/filter.js'
import { defaultLimits, interopSwitchNames } from '../src/index.js'

/** docs/guide/options.md prints every limit and every switch with its default; the page must agree with the code. */
const guide = readFileSync(new URL('../../../docs/guide/options.md', import.meta.url), 'utf8')
const cellsOf = (name: string): readonly string[] => {
  const row = guide.split('\n').find((line) => line.startsWith(`| \`${name}\` |`)) ?? ''
  return row.split('|').map((cell) => cell.trim())
}

describe('docs/guide/options.md', () => {
  test.each(Object.entries(defaultLimits))('has limit %s with its default, %d', (name, value) => {
    expect(cellsOf(name)[2]).toBe(value.toLocaleString('en-US'))
  })

  test.each(interopSwitchNames)('has switch %s with its values in lenient, entra and strict', (name) => {
    const settings = (['lenient', 'entra', 'strict'] as const).map((preset) =>
      interopFrom(preset)[name] ? 'on' : 'off',
    )
    expect(cellsOf(name).slice(2, 5)).toEqual(settings)
  })
})
