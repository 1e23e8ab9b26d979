/** The functions of the options receive the environment of the host, by the type that one of them names. */
import type { ResourceProvider } from '@scimkit/core/provider'
import { fetchHandler } from '@scimkit/fetch-http'

interface Environment {
  readonly DB: ResourceProvider
}

const fetch = fetchHandler({ provider: (env: Environment) => env.DB })
declare const environment: Environment

void fetch(new Request('https://app.example/scim/v2/Users'), environment)
// @ts-expect-error another environment
void fetch(new Request('https://app.example/scim/v2/Users'), { KV: 1 })
