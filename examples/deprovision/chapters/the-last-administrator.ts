import { employed, entraActive, type Scene } from '../scene.js'

const administrator = { roles: [{ value: 'admin' }] }

/** A hook that refuses, with a text for the administrator of the identity provider. */
export async function theLastAdministrator(scene: Scene): Promise<void> {
  const { story, provider, browser, chat } = scene
  story.chapter('The last administrator')
  story.say(
    'The same hook can refuse. Margaret is the only administrator. ' +
      'The hook has already deleted her sessions when it counts the administrators; its error rolls everything back:',
  )
  const margaret = await employed(scene, 'margaret', administrator)
  const refused = await provider.patch(margaret.id, entraActive(false))
  story.show(...refused.lines, '', ...JSON.stringify(refused.body, null, 2).split('\n'))
  story.check('refused: 403', refused.status, 403)
  story.check(
    'the detail says what to do',
    refused.body.detail,
    'margaret is the last administrator. Make another user an administrator first.',
  )
  story.check('her session works: 200', (await browser.me(margaret.session)).status, 200)
  story.check('the user is active', (await provider.send('GET', `/Users/${margaret.id}`)).body.active, undefined)
  story.check('a DELETE is refused too: 403', (await provider.delete(margaret.id)).status, 403)

  story.say('With a second administrator the same request succeeds:')
  await employed(scene, 'radia', administrator)
  const patch = await provider.patch(margaret.id, entraActive(false))
  story.check('the deactivation is stored: 200', patch.status, 200)
  story.check('her session: 401', (await browser.me(margaret.session)).status, 401)
  await chat.until(({ id, active }) => id === margaret.id && !active)
  story.check(
    'the chat product was informed once: of the committed change',
    chat.received.filter(({ id, active }) => id === margaret.id && !active).length,
    1,
  )
}
