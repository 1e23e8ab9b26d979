import { partsOf, type Scene } from '../scene.js'

const user = 'urn:ietf:params:scim:schemas:core:2.0:User'

/** POST, and the two places of the version in its response. */
export async function aVersionIsBorn({ story, wire }: Scene): Promise<void> {
  story.chapter('The first version')
  story.say(
    'Human Resources hires Ada. The response has an entity tag: a short text that identifies the current state of her record.',
  )
  const made = await wire('POST', '/Users', { body: { schemas: [user], userName: 'ada', title: 'Analyst' } })
  story.show(...made.lines)
  story.check('the record is created: 201', made.status, 201)
  story.check('meta.version is the identical string, character for character', metaOf(made.body).version, made.etag)
  story.check('it is the first version: generation 1', partsOf(made.etag).generation, '1')
  story.say(
    'The tag has three parts: how many changes there have been, 64 bits of SHA-256 over the stored record, and 48 random ' +
      'bits of the write that created it. The W/ means that the tag identifies the record, not the bytes of one response. A ' +
      'client that reads with the tag gets a response without a body if nothing has changed:',
  )
  const again = await wire('GET', `/Users/${String(made.body.id)}`, { headers: { 'If-None-Match': made.etag } })
  story.show(...again.lines)
  story.check('304 Not Modified', again.status, 304)
}

function metaOf(body: Readonly<Record<string, unknown>>): { readonly version?: string } {
  return body.meta as { readonly version?: string }
}
