/** Cursors that clients have changed: refused, or that of the client itself. @see RFC 9865 §2, §5.2 */
import assert from 'node:assert'
import { checkedServer } from '../server.mjs'

const server = checkedServer()

export const target = {
  name: 'cursor',
  words: ['.', '-', '_', '=', 'AAAA', '//', '%00', 'eyJ', '&count=1', '&cursor=', '\u0000'],
  async check(text) {
    for (const cursor of [encodeURIComponent(wellFormed(text)), text.replaceAll(/[^!-~]/g, '')]) {
      const { status, body } = await server.send({ method: 'GET', target: `/scim/v2/Users?count=1&cursor=${cursor}` })
      // Only the first page has a cursor that a client may make itself: the empty one.
      if (status === 200 && !cursor.includes('&') && !cursor.includes('#'))
        assert.equal(decodeURIComponent(cursor), '', body)
    }
  },
}

function wellFormed(text) {
  return text.isWellFormed() ? text : text.toWellFormed()
}
