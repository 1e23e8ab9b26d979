import { expect, test } from '@jest/globals'
import * as door from '@scimkit/fetch-http'

test('the front door opens, and names everything', () => {
  expect(Object.keys(door)).not.toContain('default')
})
