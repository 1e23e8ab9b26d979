import { made, type Scene } from '../scene.js'

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

  story.say('After the hold is cleared, somebody deletes what they have really seen:')
  const gone = await wire('DELETE', path, { headers: { 'If-Match': held?.meta?.version ?? '' } })
  story.show(...gone.lines)
  story.check('gone: 204', gone.status, 204)
  const again = await wire('DELETE', path, { headers: { 'If-Match': held?.meta?.version ?? '' } })
  story.check('once more: 404, for what is not there has no version to compare', again.status, 404)
}
