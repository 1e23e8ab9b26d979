/** A POST of a returning person together with hooks, an idempotency key and a quota. */
import { expect, test } from '@jest/globals'
import { made, type Server, serve, user } from '../../support/server.js'

const key = { 'Idempotency-Key': 'k-1' }

async function inactive(server: Server): Promise<string> {
  const { path, id } = await made(server, user('ann', { title: 'Old' }))
  await server.patch(path, [{ op: 'replace', path: 'active', value: false }])
  return id
}

test('the repetition of a POST that replaced a returning user gets the same user, and writes nothing', async () => {
  const server = serve({ onDuplicate: { User: 'reactivate' } })
  const id = await inactive(server)
  const first = await server.post('/Users', user('ann', { title: 'New' }), key)
  expect(first).toMatchObject({ status: 201, json: { id, title: 'New' } })
  const writes = server.writes().length
  expect(await server.post('/Users', user('ann', { title: 'New' }), key)).toMatchObject({
    status: 201,
    headers: { ETag: first.headers.ETag },
    json: { id, title: 'New' },
  })
  expect(server.writes()).toHaveLength(writes)
  expect((await server.post('/Users', user('ann', { title: 'Other' }), key)).status).toBe(422)
  expect((await server.post('/Users', user('ann', { title: 'New' }))).status).toBe(409)
})

test('the person is found by the name that the hook gave', async () => {
  const server = serve({
    onDuplicate: { User: 'reactivate' },
    hooks: { User: { before: ({ next }) => next && { ...next, userName: `${next.userName.split('@')[0]}` } } },
  })
  const id = await inactive(server)
  expect(await server.post('/Users', user('ann@corp.example'))).toMatchObject({
    status: 201,
    json: { id, userName: 'ann' },
  })
})

test('a full tenant takes returning people, and the hooks get the replacement', async () => {
  const kinds: string[] = []
  const server = serve({
    quotas: { User: 1 },
    onDuplicate: { User: 'reactivate' },
    hooks: { User: { after: ({ kind }) => void kinds.push(kind) } },
  })
  const id = await inactive(server)
  expect(await server.post('/Users', user('ann'))).toMatchObject({ status: 201, json: { id } })
  expect((await server.post('/Users', user('ben'))).status).toBe(403)
  expect(kinds).toEqual(['create', 'patch', 'replace'])
})

test('an error of inTransaction leaves no record of the key', async () => {
  let fails = true
  const server = serve({
    hooks: {
      User: {
        inTransaction() {
          if (fails) throw new Error('disk')
        },
      },
    },
  })
  expect((await server.post('/Users', user('ann'), key)).status).toBe(500)
  fails = false
  expect((await server.post('/Users', user('ann'), key)).status).toBe(201)
  expect((await server.get('/Users')).json.totalResults).toBe(1)
})

test('the repetition runs no hook: it is answered also where a hook or the quota would refuse it now', async () => {
  let calls = 0
  const server = serve({ quotas: { User: 1 }, hooks: { User: { before: () => void calls++ as undefined } } })
  const { json } = await server.post('/Users', user('ann'), key)
  expect(await server.post('/Users', user('ann'), key)).toMatchObject({ status: 201, json: { id: json.id } })
  expect(calls).toBe(1)
})
