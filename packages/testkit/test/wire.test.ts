import { describe, expect, test } from '@jest/globals'
import { createScim } from '@scimkit/core'
import { bind, viaHandler, wireContract } from '@scimkit/testkit'
import { wireTarget } from './support/wire-servers.js'

const contract = wireContract(wireTarget((options) => viaHandler(createScim(options).handle)))

describe('in process', () => {
  bind({ test }, contract)
})

test('each case has an id of its own, a title and a citation', () => {
  const ids = contract.map(({ id }) => id)
  expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([])
  for (const { title, citation } of contract) expect([title, citation].every((text) => text.length > 3)).toBe(true)
})
