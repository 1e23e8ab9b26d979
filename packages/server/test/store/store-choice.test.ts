import { describe, expect, test } from '@jest/globals'
import { parseStore, sqliteFile } from '../../src/store/store-choice.js'

describe('--store', () => {
  test('selects a store', () => {
    expect(parseStore('memory')).toEqual({ kind: 'memory' })
    expect(parseStore('sqlite:/var/lib/people.db')).toEqual({ kind: 'sqlite', path: '/var/lib/people.db' })
    expect(parseStore('sqlite:a b.db')).toEqual({ kind: 'sqlite', path: `${process.cwd()}/a b.db` })
    for (const url of ['postgres://scim@db.example:5432/scim', 'postgresql:///scim?host=/run/postgresql']) {
      expect(parseStore(url)).toEqual({ kind: 'postgres', url })
    }
  })
})

test('the path of a file must not look like an address', () => {
  expect(sqliteFile('/var/lib/people=1.db')).toMatchObject({ kind: 'sqlite' })
  expect(() => sqliteFile('mysql://a@b/c')).toThrow('address of a database')
  expect(() => parseStore('sqlite:dbname=x user=y')).toThrow('address of a database')
})
