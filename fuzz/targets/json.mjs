/** JSON bodies: what the server stores is what JSON.parse reads. @see RFC 8259 */
import assert from 'node:assert'
import { checkedServer, json } from '../server.mjs'

const server = checkedServer()

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
  async check(given) {
    // As UTF-8 has it: there half of a surrogate pair is U+FFFD.
    const text = given.toWellFormed()
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
