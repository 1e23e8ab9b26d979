import { expect, test } from '@jest/globals'
import * as scimkit from 'scimkit'

test('the entry point exports everything', () => {
  expect(Object.keys(scimkit)).not.toContain('default')
})
