import { made, type Scene } from '../scene.js'

const user = 'urn:ietf:params:scim:schemas:core:2.0:User'

/** `If-None-Match: *`: only if the resource does not exist. */
export async function onlyIfAbsent(scene: Scene): Promise<void> {
  const { story, wire } = scene
  story.chapter('Only if it does not exist')
  story.say(
    'If-Match names the version that the record must have. If-None-Match: * requires that there is no record. A write to ' +
      'one that exists is refused:',
  )
  const { id, meta } = await made(scene, 'katherine')
  const body = { schemas: [user], userName: 'katherine', title: 'Replaced' }
  const absent = { headers: { 'If-None-Match': '*' } }
  const put = await wire('PUT', `/Users/${id}`, { ...absent, body })
  story.show(...put.lines)
  story.check('a PUT of a record that exists: 412', put.status, 412)
  const remove = await wire('DELETE', `/Users/${id}`, absent)
  story.check('a DELETE of it: 412', remove.status, 412)
  const read = await wire('GET', `/Users/${id}`, absent)
  story.check('a GET of it: 304', read.status, 304)
  story.check('the record still has its first version', (await wire('GET', `/Users/${id}`)).etag, meta?.version)
  story.say(
    'In SCIM a PUT creates nothing, because the server gives out ids; a POST creates, and a unique userName decides whether it may:',
  )
  const unknown = await wire('PUT', '/Users/unknown', { ...absent, body })
  story.check('a PUT of an id that does not exist: 404', unknown.status, 404)
  const first = await wire('POST', '/Users', { ...absent, body: { ...body, userName: 'dorothy' } })
  const second = await wire('POST', '/Users', { ...absent, body: { ...body, userName: 'Dorothy' } })
  story.check(
    'of two POSTs with one userName the first creates, and the second is 409',
    [first.status, second.status],
    [201, 409],
  )
}
