/** JSON bodies: the parser accepts what JSON.parse accepts and nothing else, limits and duplicate keys apart; a server stores the values. @see RFC 8259 */
import assert from 'node:assert'
import { defaultLimits } from '@scimkit/core/filter'
import { parseJson } from '@scimkit/core/json'
import { isClientError } from '../expectations.mjs'
import { checkedServer, json } from '../server.mjs'

const server = checkedServer()
/** What is refused although it is JSON: limits, and what stores would change. */
const beyondGrammar = [
  'Duplicate key',
  'Keys named __proto__',
  'U+0000',
  'surrogate',
  'too large',
  'nested deeper',
  'has more than',
  'is longer than',
]

export const target = {
  name: 'json',
  words: [
    ...[
      '{"',
      '"}',
      '":"',
      '":[',
      '":{',
      '":null',
      '":true',
      '":1',
      ',"',
      '[[',
      ']]',
      '{}',
      '[]',
      '\\u0000',
      '\\ud800',
      '\\"',
      '\\\\',
    ],
    ...[
      '"__proto__":',
      '"constructor":',
      '"userName":"x"',
      '"emails":[{"value":"a@b.example"}]',
      '"name":{"familyName":"x"}',
      '"meta":{"version":"W/1"}',
    ],
    ...[
      '"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"manager":{"value":"1"}}',
      '"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"]',
      '\ufeff',
    ],
  ],
  async check(input) {
    compareParsers(input)
    // As bytes half a surrogate pair is U+FFFD.
    const text = input.toWellFormed()
    const { status, body } = await server.send({ method: 'POST', target: '/scim/v2/Users', headers: json, body: text })
    if (status !== 201) return
    const sent = JSON.parse(text.replace(/^\ufeff/, ''))
    const title = Object.entries(sent).find(([name]) => name.toLowerCase() === 'title')?.[1]
    const stored = JSON.parse(body)
    if (typeof title === 'string' && title !== '') assert.equal(stored.title, title)
    // The next case may have the same userName.
    await server.send({ method: 'DELETE', target: `/scim/v2/Users/${stored.id}` })
  },
}

function compareParsers(text) {
  const ours = outcome(() => parseJson(text, defaultLimits))
  const theirs = outcome(() => JSON.parse(text))
  if (ours.error === undefined) {
    assert.equal(theirs.error, undefined, 'the parser accepts what is not JSON')
    // As texts, in which there is one kind of zero.
    assert.equal(JSON.stringify(ours.value), JSON.stringify(theirs.value))
    assert.equal(keysIn(ours.value), keysInText(text), 'a duplicate key is accepted')
    return
  }
  const { error } = ours
  if (!isClientError(error)) throw error
  const isGrammar = !beyondGrammar.some((part) => error.message.includes(part))
  if (isGrammar) assert.notEqual(theirs.error, undefined, `the parser refuses JSON: ${error.message}`)
}

function keysIn(value) {
  if (typeof value !== 'object' || value === null) return 0
  const own = Array.isArray(value) ? 0 : Object.keys(value).length
  return Object.values(value).reduce((sum, one) => sum + keysIn(one), own)
}

function keysInText(text) {
  return [...text.matchAll(/"(?:[^"\\]|\\.)*"(\s*:)?/gs)].filter(([, colon]) => colon !== undefined).length
}

function outcome(parse) {
  try {
    return { value: parse() }
  } catch (error) {
    return { error }
  }
}
