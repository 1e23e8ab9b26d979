import { bearerToken } from '@scimkit/core'
import { type FetchScimOptions, fetchHandler } from '@scimkit/fetch-http'
import { memoryProvider } from '@scimkit/memory-provider'

export async function run(): Promise<void> {
  const token = 'a-token-of-32-characters-or-more-it-is'
  const options: FetchScimOptions = {
    basePath: '/scim/v2',
    provider: memoryProvider(),
    authenticate: bearerToken(token),
  }
  const handler = fetchHandler(options)
  const send = (url: string, init: RequestInit): Promise<Response> => {
    const request = new Request(url, init)
    request.headers.set('Authorization', `Bearer ${token}`)
    return handler(request)
  }
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
