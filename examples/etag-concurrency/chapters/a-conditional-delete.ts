import { made, partsOf, type Scene } from '../scene.js'

const clearing = {
  schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
  Operations: [{ op: 'remove', path: 'userType' }],
}

/** DELETE with a stale tag, with the right one, and once more. */
export async function aConditionalDelete(scene: Scene): Promise<void> {
  const { story, wire, desk } = scene
  story.chapter('A conditional delete')
  story.say(
    'Edsger is to be removed. Between the decision and the click the help desk marks his record as under legal hold. The ' +
      'delete was decided on another version, so it must not go through:',
  )
  const edsger = await made(scene, 'edsger')
  const decidedOn = edsger.meta?.version ?? ''
  const held = await desk.users.patch(edsger.id, [{ op: 'add', path: 'userType', value: 'Legal hold' }])
  const path = `/Users/${edsger.id}`
  const stale = await wire('DELETE', path, { headers: { 'If-Match': decidedOn } })
  story.show(...stale.lines)
  story.check('refused: 412', stale.status, 412)
  story.check('he is still there', (await wire('GET', path)).status, 200)

  story.say('The hold is cleared, on the version that has it:')
  const cleared = await wire('PATCH', path, { headers: { 'If-Match': held?.meta?.version ?? '' }, body: clearing })
  story.show(...cleared.lines)
  story.check('the hold is gone', [cleared.status, cleared.body.userType], [200, undefined])
  story.check('that is generation 3', partsOf(cleared.etag).generation, '3')

  story.say('Now somebody deletes what they have really seen, a record without a hold:')
  const gone = await wire('DELETE', path, { headers: { 'If-Match': cleared.etag } })
  story.show(...gone.lines)
  story.check('gone: 204', gone.status, 204)
  const again = await wire('DELETE', path, { headers: { 'If-Match': cleared.etag } })
  story.check('once more: 404, for what is not there has no version to compare', again.status, 404)
}
