import { expect, test } from '@jest/globals'
import * as door from '@scimkit/client'

test('the front door opens, and names everything', () => {
  expect(Object.keys(door)).not.toContain('default')
})
