import { describe, expect, test } from '@jest/globals'
import { basePathOf } from '../../../src/http/url/base-path.js'
import { locateMount } from '../../../src/http/url/locate-mount.js'

const mountOf = (received: string, left: string, basePath = ''): string | undefined => {
  const { inside, mount, mountHidden } = locateMount(received, left, basePathOf(basePath))
  return inside && mountHidden !== true ? mount : undefined
}

test.each([
  // The part that the framework has removed.
  ['/scim/v2/Users', '/Users', '', '/scim/v2'],
  ['/scim/v2/Users?a=/b', '/Users?a=/b', '', '/scim/v2'],
  ['/scim/v2', '/', '', '/scim/v2'],
  ['/scim/v2/', '/', '', '/scim/v2'],
  ['/scim/v2?count=1', '/?count=1', '', '/scim/v2'],
  ['/Users', '/Users', '', ''],
  ['/', '/', '', ''],
  ['/scim/v2//Users', '//Users', '', '/scim/v2'],
  ['/scim/v2//Users', '/Users', '', '/scim/v2'],
  ['http://host/scim/v2/Users', 'http://host/Users', '', '/scim/v2'],
  // The rest, and the basePath.
  ['/scim/v2/Users', '/scim/v2/Users', '/scim/v2', '/scim/v2'],
  ['/api/scim/Users', '/scim/Users', '/scim', '/api/scim'],
  ['/scim/acme/v2/Users', '/scim/acme/v2/Users', '/scim/:customer/v2/', '/scim/acme/v2'],
  ['/scim/v2', '/scim/v2', '/scim/v2', '/scim/v2'],
  // The path that the framework was given as well.
  ['/scim/v2/Users', '/Users', '/scim/v2', '/scim/v2'],
  ['/api/scim/v2/Users', '/Users', '/scim/v2', '/api/scim/v2'],
  ['/xscim/v2/Users', '/Users', '/scim/v2', undefined],
  // A path that was rewritten above the mount.
  ['/Users', '/inner/Users', '/inner', ''],
  ['/outer/a%20b/Users/c%20d', '/Users/c d', '', '/outer/a%20b'],
  // A path that was rewritten below it.
  ['/scim/people/1', '/Users/1', '', undefined],
  ['/scim/Users', '/people', '/people', '/scim/Users'],
  // Outside of the mount.
  ['/Users', '/Users', '/scim', undefined],
  ['/scimx/Users', '/scimx/Users', '/scim', undefined],
  ['/SCIM/Users', '/SCIM/Users', '/scim', undefined],
  ['/sc%69m/Users', '/sc%69m/Users', '/scim', undefined],
  ['/scim//v2/Users', '/scim//v2/Users', '/scim/:customer/v2', undefined],
  ['/scim/a%2Fb/v2/Users', '/scim/a%2Fb/v2/Users', '/scim/:customer/v2', undefined],
  ['/scim/../v2/Users', '/scim/../v2/Users', '/scim/:customer/v2', undefined],
  ['/scim/%/v2/Users', '/scim/%/v2/Users', '/scim/:customer/v2', undefined],
])('%s, of which %s is left, with the base path %j: %s', (received, left, basePath, mount) => {
  expect(mountOf(received, left, basePath)).toBe(mount)
})

describe('parameters', () => {
  test('are decoded once, beside those of the framework', () => {
    const { mountParameters } = locateMount('/a%20b/é/x', '/a%20b/é/x', basePathOf('/:one/:two'), {
      one: 'x',
      three: '3',
    })
    expect(mountParameters).toEqual({ one: 'a b', two: 'é', three: '3' })
  })

  test('of any name are own properties', () => {
    const { mountParameters = {} } = locateMount('/a/x', '/a/x', basePathOf('/:__proto__'))
    expect(Object.getOwnPropertyNames(mountParameters)).toEqual(['__proto__'])
  })
})
