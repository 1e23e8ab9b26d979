/** Request bodies: media types, content codings, sizes. */
import { describe, expect, test } from '@jest/globals'
import type { RequestBody } from '../../../src/http/adapter-interface.js'
import { core, made, mount, requestOf, serve, user } from '../../support/server.js'

describe('Content-Encoding (RFC 9110 §15.5.16)', () => {
  const bytes = new TextEncoder().encode(JSON.stringify(user('a')))
  const posting = (body: RequestBody, bodyDecoded?: boolean) => {
    const request = requestOf({
      method: 'POST',
      target: `${mount}/Users`,
      headers: { 'content-type': 'application/scim+json', 'content-encoding': 'gzip' },
      body,
    })
    return { ...request, ...(bodyDecoded !== undefined && { bodyDecoded }) }
  }

  test.each<[string, RequestBody, boolean | undefined, number, number]>([
    ['bytes as they were sent', { kind: 'bytes', bytes }, false, 415, 0],
    ['bytes without a statement of the adapter', { kind: 'bytes', bytes }, undefined, 415, 1],
    ['bytes that a parser has decoded', { kind: 'bytes', bytes }, true, 201, 1],
    ['the result of a parser', { kind: 'parsed', value: user('a') }, true, 201, 1],
    [
      'the result of a parser, without a statement of the adapter',
      { kind: 'parsed', value: user('a') },
      undefined,
      201,
      1,
    ],
    ['too many bytes', { kind: 'tooLarge' }, undefined, 413, 1],
  ])('%s', async (_, body, decoded, status, reads) => {
    const request = posting(body, decoded)
    const answer = await serve().scim.handle(request)
    expect([answer.status, request.bodyReads()]).toEqual([status, reads])
    expect(answer.headers['Accept-Encoding']).toBe(status === 415 ? 'identity' : undefined)
    expect(answer.headers['Accept-Patch']).toBeUndefined()
  })

  test('a PATCH response names the supported media types, early or late', async () => {
    const server = serve()
    const { path } = await made(server, user('b'))
    for (const decoded of [false, undefined]) {
      const request = { ...posting({ kind: 'bytes', bytes }, decoded), method: 'PATCH', target: `${mount}${path}` }
      const { status, headers } = await server.scim.handle(request)
      expect([status, headers['Accept-Patch']]).toEqual([415, 'application/scim+json, application/json'])
    }
  })
})

describe('request bodies', () => {
  const put = async (contentType: string | undefined, interop: 'lenient' | 'strict' = 'lenient') => {
    const request = requestOf({ method: 'POST', target: `${mount}/Users`, body: user('b') })
    const header = (name: string) => (name === 'content-type' ? contentType : request.header(name))
    return (await serve({ interop }).scim.handle({ ...request, header })).status
  }
  test.each([
    'application/scim+json',
    'application/json',
    'APPLICATION/JSON',
    'application/json; charset=utf-8',
    'application/scim+json;charset=UTF-8',
    'application/json; charset="utf-8"',
    'application/json; odata=verbose; charset=utf-8',
  ])('Content-Type %s is accepted', async (contentType) => {
    expect(await put(contentType)).toBe(201)
    expect(await put(contentType, 'strict')).toBe(201)
  })
  test.each([
    'text/plain',
    'text/json',
    'application/xml',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/json-patch+json',
    'application/jsonx',
    'json',
    'application/json; charset=utf-16',
    'application/json; charset=iso-8859-1',
    ';',
  ])('Content-Type %s is 415', async (contentType) => {
    expect(await put(contentType)).toBe(415)
  })
  test.each([undefined, ''])('Content-Type %j: accepted in lenient, 415 in strict', async (contentType) => {
    expect(await put(contentType)).toBe(201)
    expect(await put(contentType, 'strict')).toBe(415)
  })
  test('415 names the supported media types (RFC 9110 §15.5.16)', async () => {
    const { headers } = await serve().post('/Users', {}, { 'content-type': 'text/plain' })
    expect(headers.Accept).toBe('application/scim+json, application/json')
  })
  test('a GET or DELETE needs no Content-Type', async () => {
    const server = serve()
    const { path } = await made(server, user('b'))
    expect((await server.get(path, { 'content-type': 'text/plain' })).status).toBe(200)
    expect((await server.del(path, { 'content-type': 'text/plain' })).status).toBe(204)
  })

  test('413 by Content-Length before anything is read, by count after', async () => {
    const server = serve({ limits: { bodyBytes: 100 } })
    const body = user('b', { title: 'x'.repeat(100) })
    const announced = requestOf({
      method: 'POST',
      target: `${mount}/Users`,
      body,
      headers: { 'content-length': '101' },
    })
    expect((await server.scim.handle(announced)).status).toBe(413)
    expect(announced.bodyReads()).toBe(0)
    const untold = requestOf({ method: 'POST', target: `${mount}/Users`, body })
    expect((await server.scim.handle(untold)).status).toBe(413)
    expect(untold.bodyReads()).toBe(1)
    const small = requestOf({
      method: 'POST',
      target: `${mount}/Users`,
      body: user('b'),
      headers: { 'content-length': '100' },
    })
    expect((await server.scim.handle(small)).status).toBe(201)
  })

  test('a body is read once, and only when its turn comes', async () => {
    const server = serve()
    const { path } = await made(server, user('b'))
    const reads = async (method: string, target: string, headers = {}) => {
      const request = requestOf({ method, target: `${mount}${target}`, body: user('b', { title: 'T' }), headers })
      await server.scim.handle(request)
      return request.bodyReads()
    }
    expect(await reads('PUT', path)).toBe(1)
    expect(await reads('PUT', '/Users/none')).toBe(0)
    expect(await reads('PUT', path, { 'if-match': 'W/"x"' })).toBe(0)
    expect(await reads('PUT', '/nowhere')).toBe(0)
    expect(await reads('GET', path)).toBe(0)
    expect(await reads('DELETE', path)).toBe(0)
    expect(await reads('POST', '/Users', { 'if-match': 'W/"x"' })).toBe(0)
  })

  test.each(['', '{', 'null', '[]', '"x"', '{"a":1}{"b":2}', '\ufeff{', '{"userName":"a","userName":"b"}'])(
    'a body of %j is 400 (SEC-8)',
    async (text) => {
      const answer = await serve().ask({
        method: 'POST',
        target: `${mount}/Users`,
        body: new TextEncoder().encode(text),
      })
      expect(answer).toMatchObject({ status: 400, json: { scimType: 'invalidSyntax', status: '400' } })
    },
  )

  test('a body that a parser mounted before the adapter has read is accepted as it is, under the same rules', async () => {
    const server = serve()
    const parsed = (value: unknown) =>
      server.ask({ method: 'POST', target: `${mount}/Users`, body: { kind: 'parsed', value } })
    expect((await parsed(user('b'))).status).toBe(201)
    expect((await parsed(undefined)).status).toBe(400)
    expect((await parsed('text')).status).toBe(400)
    expect((await parsed(JSON.parse(`{"schemas":["${core}"],"userName":"c","__proto__":{"x":1}}`))).status).toBe(400)
  })
})
