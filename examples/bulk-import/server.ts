/** The server of the import: the one at a URL, or its own one. */
import { createClient, type ScimClient } from '@scimkit/client'
import { sqliteProvider } from '@scimkit/sql-provider/sqlite'
import { serve } from '../stage/serve.js'
import { CannotStart } from './error-message.js'

/** A server, with a client for it. */
export interface Server {
  readonly client: ScimClient
  close(): Promise<void>
}

/** The server of `--url`; its token is in the environment. Ends the program for an invalid URL or token. */
export function serverAt(url: string): Server {
  const token = process.env.SCIMKIT_TOKEN
  // fetch would report such a token too, but include it in the message.
  if (token !== undefined && !canBeSent(token))
    usageError('SCIMKIT_TOKEN: the token contains characters that a header cannot have')
  try {
    return { client: createClient(url, token === undefined ? {} : { token }), close: async () => {} }
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    return usageError(`--url: expected a URL like "https://app.example/scim/v2", got "${url}"`)
  }
}

/** A server on a SQLite file, which runs as long as the import. */
export async function ownServer(file: string): Promise<Server> {
  const provider = await opened(file)
  const server = await serve(provider)
  console.log(`Started a server on ${file}: ${server.url}`)
  return {
    client: createClient(server.url),
    async close() {
      await server.close()
      await provider.close()
    },
  }
}

async function opened(file: string): Promise<ReturnType<typeof sqliteProvider>> {
  let provider: ReturnType<typeof sqliteProvider> | undefined
  try {
    provider = sqliteProvider(file)
    // Opens the file now, so that an error of the file is reported once instead of by 500 failed requests.
    await provider.migrate()
    return provider
  } catch (error) {
    await provider?.close()
    throw new CannotStart(`${file}: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function canBeSent(token: string): boolean {
  try {
    return new Headers({ Authorization: `Bearer ${token}` }).has('Authorization')
  } catch {
    return false
  }
}

function usageError(message: string): never {
  console.error(message)
  process.exit(2)
}
