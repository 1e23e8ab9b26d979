import { callerOf, globexOf, need, type Scene } from '../scene.js'

/** The life of a connection: a new token, an end of the old one, a pause, statistics. */
export async function rotation(scene: Scene): Promise<void> {
  const { story, app, made, origin } = scene
  const { connections, provider } = app
  const { id } = need(made.connection)
  story.chapter('The life of a connection')
  story.say(
    'Okta gets a new token. Both are valid until the customer has pasted the new one; then the old one is revoked:',
  )
  const old = globexOf(scene)
  const { text } = await connections.createToken(id)
  made.globex = callerOf(origin, 'globex', text)
  story.check('the new token: 200', (await made.globex.send('GET', '/Users?count=0')).status, 200)
  story.check('the old one: 200', (await old.send('GET', '/Users?count=0')).status, 200)
  for (const token of await connections.listTokens(id)) {
    if (!text.includes(token.id)) await connections.revokeToken(id, token.id)
  }
  await second()
  story.check('a second after it was revoked: 401', (await old.send('GET', '/Users?count=0')).status, 401)

  await connections.suspend(id)
  await second()
  story.check('suspended: 401', (await made.globex.send('GET', '/Users?count=0')).status, 401)
  const status = await connections.testConnection(id)
  story.show(...status.problems)
  await connections.resume(id)
  await second()
  story.check('resumed: 200', (await made.globex.send('GET', '/Users?count=0')).status, 200)

  story.say('The statistics of your operators page come from provider.tenants:')
  for (const tenant of ['acme', 'globex']) {
    const stats = await provider.tenants.stats(tenant)
    story.show(
      `${tenant.padEnd(8)} ${JSON.stringify(stats?.resources)}, ${stats?.documentBytes} bytes, ${stats?.records} records`,
    )
  }
  const globex = await provider.tenants.stats('globex')
  story.check('users of globex', globex?.resources.User, 2)
}

const second = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1_000))
