import { made, partsOf, type Scene } from '../scene.js'

const clearing = {
  schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
  Operations: [{ op: 'remove', path: 'userType' }],
}

/** DELETE with a stale tag, with the current one, and once more. */
export async function aConditionalDelete(scene: Scene): Promise<void> {
  const { story, wire, desk } = scene
  story.chapter('A conditional delete')
  story.say(
    'Edsger is to be removed. Between the decision and the click the help desk marks his record as under legal hold. The ' +
      'delete was decided on an older version, so it must be refused:',
  )
  const edsger = await made(scene, 'edsger')
  const decidedOn = edsger.meta?.version ?? ''
  const held = await desk.users.patch(edsger.id, [{ op: 'add', path: 'userType', value: 'Legal hold' }])
  const path = `/Users/${edsger.id}`
  const stale = await wire('DELETE', path, { headers: { 'If-Match': decidedOn } })
  story.show(...stale.lines)
  story.check('refused: 412', stale.status, 412)
  story.check('the record still exists', (await wire('GET', path)).status, 200)

  story.say('The hold is cleared, on the version that has it:')
  const cleared = await wire('PATCH', path, { headers: { 'If-Match': held?.meta?.version ?? '' }, body: clearing })
  story.show(...cleared.lines)
  story.check('the hold is gone', [cleared.status, cleared.body.userType], [200, undefined])
  story.check('that is generation 3', partsOf(cleared.etag).generation, '3')

  story.say('Now the record is deleted on the version that was read, without a hold:')
  const gone = await wire('DELETE', path, { headers: { 'If-Match': cleared.etag } })
  story.show(...gone.lines)
  story.check('deleted: 204', gone.status, 204)
  const again = await wire('DELETE', path, { headers: { 'If-Match': cleared.etag } })
  story.check('once more: 404, because there is no version to compare', again.status, 404)
}
