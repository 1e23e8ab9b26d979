import { callerOf, type Scene, shown } from '../scene.js'

/** One customer with OAuth client credentials, one with a static token. */
export async function twoConnections(scene: Scene): Promise<void> {
  const { story, app, origin, plain, made } = scene
  const { connections } = app
  story.chapter('Two customers')
  story.say(
    'Acme uses Entra ID, which takes OAuth client credentials. Your admin page calls connections.create and shows the client secret once:',
  )
  const entra = await connections.create({
    tenant: 'acme',
    name: 'Entra ID',
    scopes: ['provisioning'],
    oauth: { secret: true },
  })
  const secret = entra.secret?.text ?? ''
  story.show(`client_id      ${entra.connection.id}`, `client_secret  ${secret.slice(0, 20)}…`)
  story.say('The metadata of the tenant names the token endpoint (RFC 8414):')
  const metadata = await plain('GET', '/.well-known/oauth-authorization-server/scim/acme')
  story.check('the issuer', metadata.body.issuer, 'https://app.example/scim/acme')
  story.check('the token endpoint', metadata.body.token_endpoint, 'https://app.example/scim/acme/oauth/token')

  const granted = await tokenFor(origin, 'acme', { client_id: entra.connection.id, client_secret: secret })
  story.check('an access token: 200', granted.status, 200)
  story.check('for an hour', granted.body.expires_in, 3600)
  made.acme = callerOf(origin, 'acme', String(granted.body.access_token))
  const wrong = await tokenFor(origin, 'acme', {
    client_id: entra.connection.id,
    client_secret: `${secret.slice(0, -1)}x`,
  })
  story.check('a wrong secret: 401', wrong.status, 401)
  story.check('and no reason in the answer', wrong.body.error, 'invalid_client')

  story.say(
    'Globex uses Okta, which cannot do client credentials for SCIM. It gets a static token, and its auditor a token for reading:',
  )
  const okta = await connections.create({ tenant: 'globex', name: 'Okta', scopes: ['provisioning'], token: true })
  const audit = await connections.create({
    tenant: 'globex',
    name: 'Audit',
    scopes: ['audit'],
    token: { expires: Date.now() + 86_400_000 },
  })
  made.globex = callerOf(origin, 'globex', okta.token?.text ?? '')
  made.auditor = callerOf(origin, 'globex', audit.token?.text ?? '')
  made.connection = okta.connection
  const list = await made.globex.send('GET', '/Users')
  story.show(...shown(list))
  story.check('Okta may ask: 200', list.status, 200)
  story.check('the database has no text of a token', await storesText(app, okta.token?.text ?? ''), false)
}

/** A token request with the secret in the body. */
export async function tokenFor(
  origin: string,
  tenant: string,
  parameters: Readonly<Record<string, string>>,
): Promise<{ readonly status: number; readonly body: Readonly<Record<string, unknown>> }> {
  const response = await fetch(`${origin}/scim/${tenant}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({ grant_type: 'client_credentials', ...parameters }),
  })
  return { status: response.status, body: (await response.json()) as Readonly<Record<string, unknown>> }
}

async function storesText({ provider }: Scene['app'], token: string): Promise<boolean> {
  const kinds = ['connection', 'token', 'use']
  for (const kind of kinds) {
    const records = await provider.records.list({ kind, count: 100 })
    if (records.some(({ value }) => value.includes(token))) return true
  }
  return false
}
