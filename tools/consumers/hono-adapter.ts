import { scimApp } from '@scimkit/hono-adapter'
import { Hono } from 'hono'

export async function run(): Promise<void> {
  const app = new Hono().route('/scim/v2', scimApp())
  const send = async (url: string, init: RequestInit): Promise<Response> => app.request(url, init)
  const base = 'https://app.example/scim/v2'
  const headers = { 'Content-Type': 'application/scim+json' }
  const schemas = ['urn:ietf:params:scim:schemas:core:2.0:User']
  const created = await send(`${base}/Users`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ schemas, userName: 'ada' }),
  })
  const location = created.headers.get('location') ?? ''
  const tag = created.headers.get('etag') ?? ''
  const update = (title: string): Promise<Response> =>
    send(location, {
      method: 'PUT',
      headers: { ...headers, 'If-Match': tag },
      body: JSON.stringify({ schemas, userName: 'ada', title }),
    })
  const statuses = [created.status, (await update('Countess')).status, (await update('Lady')).status]
  if (statuses.join() !== '201,200,412') throw new Error(`expected 201, 200 and 412, got ${statuses}`)
}
