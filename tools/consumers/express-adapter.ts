import { scimRouter } from '@scimkit/express-adapter'
import express from 'express'

export async function run(): Promise<void> {
  const app = express()
  app.use('/scim/v2', scimRouter())
  const server = app.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const address = server.address()
  const base = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/scim/v2`
  const headers = { 'Content-Type': 'application/scim+json' }
  const schemas = ['urn:ietf:params:scim:schemas:core:2.0:User']
  const created = await fetch(`${base}/Users`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ schemas, userName: 'ada' }),
  })
  const location = created.headers.get('location') ?? ''
  const tag = created.headers.get('etag') ?? ''
  const update = (title: string): Promise<Response> =>
    fetch(location, {
      method: 'PUT',
      headers: { ...headers, 'If-Match': tag },
      body: JSON.stringify({ schemas, userName: 'ada', title }),
    })
  const statuses = [created.status, (await update('Countess')).status, (await update('Lady')).status]
  if (statuses.join() !== '201,200,412') throw new Error(`expected 201, 200 and 412, got ${statuses}`)
  server.closeAllConnections()
  server.close()
}
