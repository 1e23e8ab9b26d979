import { createScim, httpVersion, noAuthentication, rawVersion } from '@scimkit/core'
import type { ScimResponse } from '@scimkit/core/adapter'
import { parseFilter } from '@scimkit/core/filter'
import type { ResourceProvider } from '@scimkit/core/provider'

function unasked(): never {
  throw new Error('discovery asks no store')
}

export async function run(): Promise<void> {
  const provider: ResourceProvider = {
    read: unasked,
    query: unasked,
    insert: unasked,
    replace: unasked,
    remove: unasked,
  }
  const scim = createScim({ provider, authenticate: noAuthentication() })
  const response: ScimResponse = await scim.handle({
    method: 'GET',
    target: '/ServiceProviderConfig',
    mount: '',
    scheme: 'https',
    host: 'app.example',
    header: () => undefined,
    body: async () => ({ kind: 'bytes', bytes: new Uint8Array() }),
  })
  if (response.status !== 200) throw new Error(`${response.status} ${response.body}`)
  if (httpVersion(rawVersion('1-a')) !== 'W/"1-a"') throw new Error('a tag is not rendered')
  if (typeof parseFilter !== 'function') throw new Error('no filters')
}
