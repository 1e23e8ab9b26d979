/** If-Match and If-None-Match: evaluated as RFC 9110 says, or refused; never ignored. @see RFC 9110 §8.8.3, §13.1 */
import assert from 'node:assert'
import { checkedServer, json } from '../server.mjs'

const server = checkedServer()
const change = JSON.stringify({
  schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
  Operations: [{ op: 'replace', path: 'title', value: 'changed' }],
})
const mostTags = 64
const mostCharacters = 8_192
const tag = /(?:W\/)?"[!#-~\u0080-\uffff]*"/g
// Empty elements of the list are allowed. @see RFC 9110 §5.6.1.2
const list = new RegExp(`^[ \\t,]*(?:${tag.source}[ \\t]*(?:,[ \\t,]*|$))+$`)
const codings = /(-gzip|-br|-zstd|-deflate|;gzip|--gzip)"$/

export const target = {
  name: 'etag',
  words: [
    ...['W/"', '"', '*', ', ', 'TAG', 'OPAQUE', '"OPAQUE"', 'W/"OPAQUE-gzip"', 'OPAQUE;gzip"', '-br"', '-gzip"'],
    ...['W/"1-0123456789abcdef-0123456789ab"', '"1-0123456789abcdef-0123456789ab"', 'w/', '""', 'W/*', ',,,', '\t'],
  ],
  async check(text) {
    const send = async (method, name) => {
      const { user } = await server.current()
      const target = `/scim/v2/Users/${user}`
      // Each write changes the version.
      const { headers } = await server.send({ method: 'GET', target })
      const value = withTag(text, headers.ETag)
      const of =
        method === 'GET' ? { headers: { [name]: value } } : { headers: { ...json, [name]: value }, body: change }
      const { status } = await server.send({ method, target, ...of })
      return {
        status,
        expected: expectation(value, headers.ETag),
        about: `${method}, ${name}: ${JSON.stringify(value)}`,
      }
    }
    for (const method of ['GET', 'PATCH']) {
      const match = await send(method, 'if-match')
      const ok = [200, 204]
      assert.ok({ refused: [400], named: ok, other: [412] }[match.expected].includes(match.status), describe(match))
      const none = await send(method, 'if-none-match')
      const failed = method === 'GET' ? [304] : [412]
      assert.ok({ refused: [400], named: failed, other: ok }[none.expected].includes(none.status), describe(none))
    }
  },
}

function withTag(text, tag) {
  return text.replaceAll('TAG', () => tag).replaceAll('OPAQUE', () => opaqueOf(tag).slice(1, -1))
}

/** What a header says about the current tag, by the grammar alone. */
function expectation(value, current) {
  if (value.length > mostCharacters) return 'refused'
  if (/^[ \t]*\*[ \t]*$/.test(value)) return 'named'
  const tags = value.match(tag) ?? []
  if (!list.test(value) || tags.length > mostTags) return 'refused'
  const names = tags.map(opaqueOf)
  const isNamed = [...names, ...names.map((name) => name.replace(codings, '"'))].includes(opaqueOf(current))
  return isNamed ? 'named' : 'other'
}

function opaqueOf(tag) {
  return tag.startsWith('W/') ? tag.slice(2) : tag
}

function describe({ status, expected, about }) {
  return `${about}: ${status}, expected ${expected}`
}
