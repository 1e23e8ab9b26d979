import type { Server } from 'node:http'
import { type Authenticator, bearerToken, noAuthentication, type ScimOptions, tenantId } from '@scimkit/core'
import { adapters } from './adapters.js'
import type { ServeFlags } from './flags.js'
import { listen, originOf } from './http-server.js'
import { makeLog } from './log.js'
import { memoryPasswords } from './passwords.js'
import { seedUsers } from './seed-users.js'
import { stores } from './stores.js'

/** The one tenant of a server with a static token. */
const tenant = 'default'

/** A server that listens. */
export interface Running {
  readonly server: Server
  /** Base URL as clients see it. */
  readonly url: string
}

/** Who is let in, and with which token. */
export interface Admission {
  /** Undefined: everybody. */
  readonly token: string | undefined
}

/** How the world outside is talked to. */
export interface Terminal {
  /** Says one line to whoever started the server. */
  say(line: string): void
  readonly colour: boolean
  /** True if a person is likely to read along. */
  readonly interactive: boolean
}

/**
 * The composition root: puts store, passwords, adapter and log together and listens. Rejects with Node's error if it
 * cannot listen.
 */
export async function serve(flags: ServeFlags, admission: Admission, terminal: Terminal): Promise<Running> {
  const provider = choose(stores, flags.store)()
  const log = makeLog(flags.log ?? (terminal.interactive ? 'pretty' : 'json'), terminal.colour)
  const options: ScimOptions = {
    provider,
    authenticate: authenticatorFor(admission),
    trustProxy: flags.trustProxy,
    onEvent: log.event,
    onError: log.failure,
    interop: flags.interop,
    ...(flags.baseUrl === undefined ? {} : { baseUrl: flags.baseUrl }),
    ...(flags.passwords === 'hash' ? { secrets: memoryPasswords() } : {}),
  }
  const listener = await choose(adapters, flags.adapter)(options, flags.basePath)
  await seedUsers(provider, flags.seedUsers, tenantId(tenant), (made) => {
    terminal.say(`seeding users: ${made} of ${flags.seedUsers}`)
  })
  const server = await listen(listener, flags.host, flags.port)
  return { server, url: flags.baseUrl ?? originOf(server, flags.host) + flags.basePath }
}

function authenticatorFor({ token }: Admission): Authenticator {
  return token === undefined ? noAuthentication({ tenant }) : bearerToken(token, { tenant })
}

function choose<Value>(table: Readonly<Record<string, Value>>, name: string): Value {
  const value = table[name]
  if (value === undefined) throw new TypeError(`There is no "${name}"; there are ${Object.keys(table).join(', ')}.`)
  return value
}
