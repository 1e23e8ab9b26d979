import { partsOf, type Scene } from '../scene.js'

const user = 'urn:ietf:params:scim:schemas:core:2.0:User'

/** POST, and the two places where a version shows. */
export async function aVersionIsBorn({ story, wire }: Scene): Promise<void> {
  story.chapter('A version is born')
  story.say(
    'Human Resources hires Ada. The answer has an entity tag: what her record is like at this moment, in one short text.',
  )
  const made = await wire('POST', '/Users', { body: { schemas: [user], userName: 'ada', title: 'Analyst' } })
  story.show(...made.lines)
  story.check('the record is made: 201', made.status, 201)
  story.check('meta.version is the identical string, character for character', metaOf(made.body).version, made.etag)
  story.check('it is the first of its kind: generation 1', partsOf(made.etag).generation, '1')
  story.say(
    'The tag has three parts: how many changes there have been, 64 bits of SHA-256 over the stored record, and 48 random ' +
      'bits of the write that led to it. The W/ says that the tag speaks of the record, not of the bytes of one answer. Who reads with the tag in hand is told, in an ' +
      'answer without a body, that nothing has happened:',
  )
  const again = await wire('GET', `/Users/${String(made.body.id)}`, { headers: { 'If-None-Match': made.etag } })
  story.show(...again.lines)
  story.check('304 Not Modified', again.status, 304)
}

function metaOf(body: Readonly<Record<string, unknown>>): { readonly version?: string } {
  return body.meta as { readonly version?: string }
}
