/** The server that the people are brought into: the one at a URL, or one of the import's own. */
import { createClient, type ScimClient } from '@scimkit/client'
import { sqliteProvider } from '@scimkit/sql-provider/sqlite'
import { serve } from '../stage/serve.js'
import { CannotBegin } from './what-went-wrong.js'

/** A server, and the way to it. */
export interface Server {
  readonly client: ScimClient
  close(): Promise<void>
}

/** The server of `--url`; its token is in the environment. Ends the program if it is none of a URL or of a token. */
export function serverAt(url: string): Server {
  const token = process.env.SCIMKIT_TOKEN
  // fetch would complain of such a token too, and show it.
  if (token !== undefined && !canBeSent(token)) usageError('SCIMKIT_TOKEN: expected a token, got characters of none')
  try {
    return { client: createClient(url, token === undefined ? {} : { token }), close: async () => {} }
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    return usageError(`--url: expected a URL like "https://app.example/scim/v2", got "${url}"`)
  }
}

/** One of its own, on a SQLite file, for as long as the import runs. */
export async function ownServer(file: string): Promise<Server> {
  const provider = await opened(file)
  const server = await serve(provider)
  console.log(`A server of its own, on ${file}: ${server.url}`)
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
    // Opens it now: what is wrong with the file should not be told by each of 500 failed requests.
    await provider.migrate()
    return provider
  } catch (error) {
    await provider?.close()
    throw new CannotBegin(`${file}: ${error instanceof Error ? error.message : String(error)}`)
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
