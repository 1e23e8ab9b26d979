/** The names of dialects are compared in one place; everything else asks the members of `Dialect`. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from '@jest/globals'
import type { DialectName } from '../../src/dialect/dialect.js'
import { dialectOf } from '../../src/dialect/dialects.js'
import { sqliteDialect } from '../../src/dialect/sqlite.js'
import { kyselyProvider } from '../../src/kysely.js'

const sources = fileURLToPath(new URL('../../src/', import.meta.url))
const forks = ["=== 'sqlite'", "!== 'sqlite'", "=== 'postgres'", "!== 'postgres'", "case 'sqlite'", "case 'postgres'"]

test('is asked for answers, and its name is compared nowhere', () => {
  const found = readdirSync(sources, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .filter((file) => forks.some((fork) => readFileSync(join(sources, file), 'utf8').includes(fork)))
  expect(found).toEqual([])
})

test('is found by its name', () => {
  expect(dialectOf('sqlite')).toBe(sqliteDialect)
  expect(dialectOf('postgres').name).toBe('postgres')
})

test('with an unknown name is a TypeError, also in the options of a host', () => {
  const mysql = 'mysql' as DialectName
  const message = 'dialect: expected sqlite or postgres, got mysql'
  expect(() => dialectOf(mysql)).toThrow(new TypeError(message))
  expect(() => kyselyProvider(sqliteDialect.builder, { dialect: mysql })).toThrow(new TypeError(message))
})
