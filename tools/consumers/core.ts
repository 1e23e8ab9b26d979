import { createScim, httpVersion, noAuthentication, rawVersion } from '@scimkit/core'
import type { ScimResponse } from '@scimkit/core/adapter'
import { defaultLimits, evaluate, interopFrom, parseFilter } from '@scimkit/core/filter'
import { isObject, type JsonObject } from '@scimkit/core/json'
import { diff } from '@scimkit/core/merge'
import { evaluatePrecondition, ifVersion } from '@scimkit/core/operations'
import { applyPatch } from '@scimkit/core/patch'
import type { ResourceProvider } from '@scimkit/core/provider'
import { compileResourceType, userType } from '@scimkit/core/schema'

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
  checkParts()
}

/** The entry points that are of use without a server. */
function checkParts(): void {
  const user: JsonObject = { schemas: [userType.schema.id], userName: 'ada', active: true }
  const left = applyPatch(user, [{ op: 'replace', path: 'active', value: false }])
  if (!isObject(left) || left.active !== false || user.active !== true) throw new Error('applyPatch')
  const filter = parseFilter('active eq false', compileResourceType(userType), interopFrom('strict'), defaultLimits)
  if (!evaluate(filter, left) || evaluate(filter, user)) throw new Error('a filter')
  if (diff(user, left).length !== 1) throw new Error('diff')
  const version = rawVersion('1-a')
  if (evaluatePrecondition(ifVersion(version), version) !== 'holds') throw new Error('a precondition')
}
