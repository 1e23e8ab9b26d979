import { expect, test } from '@jest/globals'
import * as door from '@scimkit/testkit'

test('the entry point exports everything', () => {
  expect(Object.keys(door)).not.toContain('default')
})
