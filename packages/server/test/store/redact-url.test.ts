/** The name of a database in messages: never its URL, for any content. */
import { describe, expect, test } from '@jest/globals'
import { redactUrl } from '../../src/store/redact-url.js'

const secret = 'hunter2'

describe('a PostgreSQL database is named', () => {
  test.each([
    ['postgres://scim@db.example:5432/scim', 'PostgreSQL at db.example'],
    [`postgresql://scim:${secret}@db.example/scim?sslmode=verify-full`, 'PostgreSQL at db.example'],
    [`postgres://scim:pw%40${secret}%25@10.0.0.1:5433/scim?password=${secret}`, 'PostgreSQL at 10.0.0.1'],
    [`postgres://scim:pw%${secret}@db_1/scim`, 'PostgreSQL at db_1'],
    [`postgres://scim:${secret}@[::1]:5432/scim`, 'PostgreSQL at [::1]'],
    ['postgresql:///scim?host=/run/postgresql', 'PostgreSQL'],
  ])('%s', (url, place) => expect(redactUrl(url)).toEqual({ place, certain: true }))

  test.each([
    `postgres://scim:p@${secret}@db.example/scim`,
    `postgres://scim:12/${secret}@db.example/scim`,
    `postgres://scim:12#${secret}@db.example/scim`,
    `postgres://scim:12?${secret}@db.example/scim`,
    `postgres://scim/${secret}@db.example/scim`,
    `postgres://scim@db.example/scim@${secret}`,
    `postgres://scim@db.example/scim#${secret}`,
    `postgres://scim@db.example/scim?user=a@${secret}`,
    `host=db.example password=${secret}`,
  ])('%s is ambiguous: only its kind is named', (url) => {
    expect(redactUrl(url)).toEqual({ place: 'PostgreSQL', certain: false })
  })
})
