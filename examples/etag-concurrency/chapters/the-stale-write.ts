import { versionMismatchUrn } from '@scimkit/core'
import { partsOf, type Scene } from '../scene.js'

const nicknamed = {
  schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
  Operations: [{ op: 'add', path: 'nickName', value: 'Amazing Grace' }],
}

/** A conditional update that succeeds, and one with a stale version. */
export async function theStaleWrite({ story, wire, hr, desk }: Scene): Promise<void> {
  story.chapter('A stale write is refused')
  story.say(
    'Both the help desk and Human Resources have opened the record of Grace. Both see the same tag. The help desk writes ' +
      'first, and sends the version that it has read as If-Match:',
  )
  const grace = await hr.users.create({ userName: 'grace', title: 'Programmer' })
  const seen = (await desk.users.get(grace.id)).meta?.version ?? ''
  const path = `/Users/${grace.id}`
  const first = await wire('PATCH', path, {
    headers: { 'If-Match': seen },
    body: nicknamed,
  })
  story.show(...first.lines)
  story.check('the expected version is still current: 200', first.status, 200)
  story.check('the new version has generation 2', partsOf(first.etag).generation, '2')

  story.say(
    'Human Resources does not know that, and promotes her: it saves the whole record as its screen shows it, with a new ' +
      'title and without a nickname, with the version that it has read. It requests the conflict in machine-readable form:',
  )
  const promoted = { ...grace, title: 'Rear Admiral' }
  const late = await wire('PUT', path, {
    headers: { 'If-Match': seen, Prefer: 'conflict-details' },
    body: promoted,
  })
  story.show(...late.lines, '', ...JSON.stringify(late.body, null, 2).split('\n'))
  story.check('the sent record has no nickname', promoted.nickName, undefined)
  story.check('refused: 412 Precondition Failed', late.status, 412)
  story.check('the response has the current tag', late.etag, first.etag)
  story.check(
    'and, for programs, the expected tag, the current one, and the changed attributes',
    late.body[versionMismatchUrn],
    {
      current: first.etag,
      expected: [seen],
      changed: ['nickName'],
    },
  )
  const now = await wire('GET', path)
  story.check('the nickname is kept', now.body.nickName, 'Amazing Grace')
  story.check('the promotion was not applied in part', now.body.title, 'Programmer')
  story.say('With most SCIM servers the nickname would be lost now, without any notice.')
}
