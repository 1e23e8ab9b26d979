import { expect, test } from '@jest/globals'
import * as honoAdapter from '@scimkit/hono-adapter'

test('the entry point exports everything', () => {
  expect(Object.keys(honoAdapter)).not.toContain('default')
})
