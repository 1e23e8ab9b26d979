/** A small application with accounts, sessions and tokens, and SCIM for the identity provider of its customer. */
import { noAuthentication } from '@scimkit/core'
import { scimRouter } from '@scimkit/express-adapter'
import { type SqliteProviderOptions, sqliteProvider } from '@scimkit/sql-provider/sqlite'
import express, { type Express, type Request } from 'express'
import Database from 'libsql'
import { accountsIn } from './accounts.js'
import { endAccess } from './end-access.js'
import { informChat } from './inform-chat.js'

/** Where the application stores its data, and whom it informs. */
export interface AppSettings {
  readonly file: string
  /** The URL of the chat product. */
  readonly chat: string
  /** Attempts before a delivery is in the dead letters. */
  readonly attempts: number
  /** How long another process waits for a process that ended during a delivery. Short here, because the story waits for it. */
  readonly leaseMilliseconds: number
  readonly durability?: SqliteProviderOptions['durability']
}

/** Opens the database, and starts to deliver. The process that ends also ends the delivery. */
export function openApp({ file, chat, attempts, leaseMilliseconds, durability = 'full' }: AppSettings): Express {
  // One connection for the tables of the application and of the store: hooks run on it.
  const connection = new Database(file)
  const accounts = accountsIn(connection)
  const provider = sqliteProvider(connection, { outbox: true, durability })
  const { outbox } = provider

  outbox.deliver(informChat(chat), {
    consumer: 'chat',
    attempts,
    leaseMilliseconds,
    firstPauseMilliseconds: 100,
    longestPauseMilliseconds: 400,
    pollMilliseconds: 100,
    onError() {},
  })

  const app = express()
  app.set('etag', false)
  // On loopback only and without a token: it is an example.
  app.use(
    '/scim/v2',
    scimRouter({ provider, authenticate: noAuthentication(), interop: 'entra', hooks: { User: endAccess } }),
  )

  // Where the identity provider sends a person after a single sign-on.
  app.post('/login', (request, response) => {
    const access = accounts.login(String(request.query.user))
    if (access === undefined) response.status(403).json({ error: 'no active account' })
    else response.cookie('session', access.session, { httpOnly: true }).json(access)
  })
  app.get('/me', (request, response) => {
    const userName = accounts.userNameOf(sessionIn(request))
    if (userName === undefined) response.status(401).json({ error: 'no session' })
    else response.json({ userName })
  })
  app.post('/refresh', (request, response) => {
    const session = accounts.refresh(request.get('Authorization')?.slice('Bearer '.length) ?? '')
    if (session === undefined) response.status(401).json({ error: 'no such refresh token' })
    else response.json({ session })
  })

  // For the operators of the application.
  app.get('/deliveries', async (_request, response) => {
    response.json({ consumers: await outbox.consumers(), dead: await outbox.dead({ consumer: 'chat' }) })
  })
  app.post('/deliveries/:position/retry', async (request, response) => {
    response.json({ due: await outbox.retry('chat', Number(request.params.position)) })
  })
  return app
}

function sessionIn(request: Request): string {
  const cookies = request.get('Cookie')?.split('; ') ?? []
  return cookies.find((cookie) => cookie.startsWith('session='))?.slice('session='.length) ?? ''
}
