import { versionMismatchUrn } from '@scimkit/core'
import { partsOf, type Scene } from '../scene.js'

const nicknamed = {
  schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
  Operations: [{ op: 'add', path: 'nickName', value: 'Amazing Grace' }],
}

/** A conditional update that succeeds, and one that comes too late. */
export async function theStaleWrite({ story, wire, hr, desk }: Scene): Promise<void> {
  story.chapter('The write that came too late')
  story.say(
    'Both the help desk and Human Resources have opened the record of Grace. Both see the same tag. The help desk is faster, ' +
      'and says with If-Match which version it has seen:',
  )
  const grace = await hr.users.create({ userName: 'grace', title: 'Programmer' })
  const seen = (await desk.users.get(grace.id)).meta?.version ?? ''
  const path = `/Users/${grace.id}`
  const first = await wire('PATCH', path, {
    headers: { 'If-Match': seen },
    body: nicknamed,
  })
  story.show(...first.lines)
  story.check('the version was still the one expected: 200', first.status, 200)
  story.check('and it moves on to generation 2', partsOf(first.etag).generation, '2')

  story.say(
    'Human Resources knows nothing of that, and promotes her: it saves the whole record as it is on the screen there, with ' +
      'a new title and without a nickname, on the version that it has seen. It asks for the conflict in a form for programs:',
  )
  const promoted = { ...grace, title: 'Rear Admiral' }
  const late = await wire('PUT', path, {
    headers: { 'If-Match': seen, Prefer: 'conflict-details' },
    body: promoted,
  })
  story.show(...late.lines, '', ...JSON.stringify(late.body, null, 2).split('\n'))
  story.check('what was sent has no nickname', promoted.nickName, undefined)
  story.check('refused: 412 Precondition Failed', late.status, 412)
  story.check('the answer carries the tag that is there now', late.etag, first.etag)
  story.check(
    'and says, for programs, what was expected, what is there, and what changed meanwhile',
    late.body[versionMismatchUrn],
    {
      current: first.etag,
      expected: [seen],
      changed: ['nickName'],
    },
  )
  const now = await wire('GET', path)
  story.check('the nickname is still there', now.body.nickName, 'Amazing Grace')
  story.check('the promotion is not: nothing was half done', now.body.title, 'Programmer')
  story.say('With most SCIM servers the nickname would be gone now, and nobody would ever know.')
}
