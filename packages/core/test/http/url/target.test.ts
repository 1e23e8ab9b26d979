import { describe, expect, test } from '@jest/globals'
import { ScimError } from '../../../src/errors.js'
import { asWritten, parseTarget } from '../../../src/http/url/target.js'
import { interopFrom } from '../../../src/interop.js'

const statusOf = (run: () => unknown): number => {
  try {
    run()
    return 200
  } catch (error) {
    if (error instanceof ScimError) return error.status
    throw error
  }
}
const queryOf = (query: string, preset: 'lenient' | 'entra' | 'strict' = 'lenient') =>
  Object.fromEntries(parseTarget(`/Users?${query}`, '', interopFrom(preset)).query)

describe('names of query parameters', () => {
  test.each(['filter', 'Filter', 'FILTER', '%66ilter', '%46ilter', 'f%69lte%72'])(
    '%s is filter in every preset',
    (name) => {
      for (const preset of ['lenient', 'entra', 'strict'] as const) {
        expect(queryOf(`${name}=title+pr`, preset)).toEqual({ filter: 'title pr' })
      }
    },
  )

  test.each([
    'filter=a&Filter=b',
    'filter=a&filter=b',
    'filter=a&%66ilter=a',
    'Count=1&count=1',
    'startindex=1&startIndex=1',
    'SortBy=id&sortby=id',
    'CURSOR&cursor',
    'attributes=a&Attributes=b',
    'attributes=a&attributes=b&ATTRIBUTES=c',
    'attributes=a&%41ttributes=b',
    'excludedAttributes=a&excludedattributes=b',
  ])('%s is 400 in every preset', (query) => {
    for (const preset of ['lenient', 'entra', 'strict'] as const) {
      expect([preset, statusOf(() => queryOf(query, preset))]).toEqual([preset, 400])
    }
  })

  test.each(['filte', 'filters', '%zz', '%', 'filter%00', 'fi%6cter%3d', '', 'ﬁlter'])(
    '%s is not a parameter',
    (name) => {
      expect(queryOf(`${name}=x`)).toEqual({})
    },
  )
})

describe('a repeated list of attributes', () => {
  test.each(['attributes', 'excludedAttributes'])('%s is joined, in strict it is 400', (name) => {
    const repeated = `${name}=userName&${name}=title,active&${name}=`
    for (const preset of ['lenient', 'entra'] as const) {
      expect(queryOf(repeated, preset)).toEqual({ [name]: 'userName,title,active,' })
    }
    expect(statusOf(() => queryOf(repeated, 'strict'))).toBe(400)
  })

  test('an encoded name is the same spelling', () => {
    expect(queryOf('attributes=a&%61ttributes=b')).toEqual({ attributes: 'a,b' })
  })
})

describe('an empty segment', () => {
  const segmentsOf = (path: string, switches = { ...asWritten, emptyFirstSegment: true }) =>
    parseTarget(path, '/scim', switches).segments

  test.each<[string, readonly string[]]>([
    ['/scim//Users', ['Users']],
    ['/scim//Users/', ['Users']],
    ['/scim//Users/1', ['Users', '1']],
  ])('directly below the mount is left out: %s', (path, segments) => {
    expect(segmentsOf(path)).toEqual(segments)
    expect(statusOf(() => segmentsOf(path, asWritten))).toBe(404)
  })

  test.each([
    '/scim//',
    '/scim///',
    '/scim///Users',
    '/scim/Users//',
    '/scim/Users//1',
    '/scim//Users//1',
    '//scim/Users',
    'http://h//scim/Users',
  ])('elsewhere is 404: %s', (path) => {
    expect(statusOf(() => segmentsOf(path))).toBe(404)
  })
})
