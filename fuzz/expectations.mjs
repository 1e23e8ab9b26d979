/** What holds for every answer, whatever was sent. */
import assert from 'node:assert'
import { ScimError } from '@scimkit/core'

const errorUrn = 'urn:ietf:params:scim:api:messages:2.0:Error'

/** True for an error that tells a client what is wrong with its request. */
export function isClientError(error) {
  return error instanceof ScimError && error.status >= 400 && error.status < 500
}

/** Throws unless a response is one that a server may give to any input: below 500 (501 apart), with a SCIM body. */
export function checkResponse({ status, headers = {}, body }) {
  assert.ok(Number.isInteger(status) && status >= 200 && (status < 500 || status === 501), `status ${status}: ${body}`)
  if (status === 204 || status === 304 || body === null || body === '') return
  const json = JSON.parse(body)
  assert.ok(typeof json === 'object' && json !== null, 'the body is no object')
  if (status >= 400) {
    assert.deepEqual(json.schemas, [errorUrn])
    assert.equal(json.status, String(status))
  }
  const type = headers['Content-Type'] ?? headers['content-type']
  if (type !== undefined) assert.ok(/^application\/(scim\+)?json/.test(type), `Content-Type ${type}`)
}
