import { expect, test } from '@jest/globals'
import * as fetchHttp from '@scimkit/fetch-http'

test('the entry point exports everything', () => {
  expect(Object.keys(fetchHttp)).not.toContain('default')
})
