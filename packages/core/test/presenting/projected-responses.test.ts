/** Projection in the responses about one resource. @see RFC 7644 §3.9 */
import { describe, expect, test } from '@jest/globals'
import { core, made, serve, user } from '../support/server.js'

describe('projection in every answer about a resource (RFC 7644 §3.9)', () => {
  test('POST, GET, PUT, PATCH: only the requested attributes, and still the ETag', async () => {
    const server = serve()
    const body = user('b', { title: 'T', emails: [{ value: 'a', type: 'work' }] })
    const created = await server.post('/Users?attributes=title', body)
    expect(created.json).toEqual({ schemas: [core], id: created.json.id, title: 'T' })
    const path = `/Users/${String(created.json.id)}`
    for (const answer of [
      await server.get(`${path}?attributes=title`),
      await server.put(`${path}?attributes=title`, body),
      await server.patch(`${path}?attributes=title`, [{ op: 'add', path: 'title', value: 'T' }]),
    ]) {
      expect(answer.json).toEqual(created.json)
      expect(answer.headers.ETag).toBe(created.headers.ETag)
    }
    const without = (await server.get(`${path}?excludedAttributes=emails.type,title,meta`)).json
    expect(without).toEqual({ schemas: [core], id: created.json.id, userName: 'b', emails: [{ value: 'a' }] })
    expect(await server.get(`${path}?attributes=title&excludedAttributes=emails`)).toMatchObject({
      status: 400,
      json: { scimType: 'invalidValue' },
    })
    expect((await server.get(`${path}?attributes=&excludedAttributes=`)).json).toHaveProperty('meta')
  })

  test('304 and 412 ignore the projection', async () => {
    const server = serve()
    const { path, tag } = await made(server, user('b'))
    expect((await server.get(`${path}?attributes=userName`, { 'if-none-match': tag })).status).toBe(304)
  })
})
