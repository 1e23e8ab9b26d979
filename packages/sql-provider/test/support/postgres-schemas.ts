import { afterAll, beforeAll } from '@jest/globals'
import { type PostgresProviderOptions, postgresProvider } from '../../src/postgres.js'
import type { SqlProvider } from '../../src/provider.js'
import { administer } from './postgres.js'

/**
 * Creates providers that share only a database: each has a schema of its own. Call it inside `describe`; the schemas exist while
 * the tests run, and the providers are closed afterwards.
 */
export function freshProviders(url: string): (options?: PostgresProviderOptions) => SqlProvider {
  const opened: SqlProvider[] = []
  beforeAll(() =>
    administer(
      url,
      opened.map((_, index) => `create schema s${index}`),
    ),
  )
  afterAll(async () => {
    for (const provider of opened) await provider.close()
  })
  return (options) => {
    const own = new URL(url)
    own.searchParams.set('options', `-c search_path=s${opened.length}`)
    const provider = postgresProvider(own.href, options)
    opened.push(provider)
    return provider
  }
}
