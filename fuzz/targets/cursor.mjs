/** Cursors that clients have changed: refused, or the same page as before. @see RFC 9865 §2, §5.2 */
import assert from 'node:assert'
import { checkedServer } from '../server.mjs'

const server = checkedServer()
const pages = '/scim/v2/Users?count=1'

export const target = {
  name: 'cursor',
  words: [
    ...[
      '.',
      '-',
      '_',
      '=',
      'AAAA',
      '//',
      '%00',
      'eyJ',
      '&count=1',
      '&count=2',
      '&cursor=',
      '\u0000',
      'CURSOR',
      '\nCURSOR',
    ],
    ...['\n0=', '\n21=A', '\n60=_', '&sortBy=userName', '&filter=id pr', '&attributes=userName'],
  ],
  /** The first line is the cursor, in which CURSOR is a valid one; lines `position=text` replace a character of it. */
  async check(text) {
    const first = await get('')
    const next = first.json.nextCursor
    assert.equal(typeof next, 'string')
    const page = await get(next)
    const [line, ...edits] = text.split('\n')
    let cursor = line.replaceAll('CURSOR', next)
    for (const edit of edits) cursor = edited(cursor, edit)
    for (const sent of [encodeURIComponent(cursor.toWellFormed()), cursor.replaceAll(/[^!-~]/g, '')]) {
      const { status, json } = await get(sent)
      if (status !== 200 || /[&#]/.test(sent)) continue
      assert.ok(sent === '' || sameAs(json, page.json), `${sent} is accepted: ${JSON.stringify(json)}`)
      // Another question than the one that the cursor was made for.
      const other = await get(`${sent}&filter=userName%20eq%20%22ada%22`)
      if (sent !== '') assert.equal(other.status, 400, 'the cursor is accepted with another filter')
    }
  },
}

async function get(cursor) {
  const { status, body } = await server.send({ method: 'GET', target: `${pages}&cursor=${cursor}` })
  return { status, json: JSON.parse(body) }
}

function sameAs(one, other) {
  return JSON.stringify(one.Resources) === JSON.stringify(other.Resources)
}

function edited(cursor, edit) {
  const equals = edit.indexOf('=')
  const at = Number(edit.slice(0, equals))
  if (equals < 1 || !Number.isInteger(at) || at < 0) return cursor + edit
  return cursor.slice(0, at) + edit.slice(equals + 1) + cursor.slice(at + 1)
}
