import { employed, entraActive, linesOf, type Scene } from '../scene.js'

/** PATCH `active: false`, and the next request of the browser. */
export async function theDeactivation(scene: Scene): Promise<void> {
  const { story, provider, browser, chat } = scene
  story.chapter('The identity provider deactivates her')
  story.say(
    'Grace leaves the company. The account stays, but her access has to end. She is logged in on a laptop and on a phone:',
  )
  const grace = await employed(scene, 'grace')
  const phone = await browser.login('grace')
  story.check(
    'both sessions work',
    [(await browser.me(grace.session)).status, (await browser.me(String(phone.body.session))).status],
    [200, 200],
  )
  const patch = await provider.patch(grace.id, entraActive(false))
  story.show(...patch.lines)
  story.check('the deactivation is stored: 200', [patch.status, patch.body.active], [200, false])

  story.say('The response was sent after the commit, and the sessions ended in that commit. The very next request:')
  const me = await browser.me(grace.session)
  story.show(...me.lines)
  story.check('on the laptop: 401', me.status, 401)
  story.check('on the phone: 401', (await browser.me(String(phone.body.session))).status, 401)
  story.check('the refresh token: 401', (await browser.refresh(grace.refresh)).status, 401)
  story.check('a new login: 403', (await browser.login('grace')).status, 403)
  const informed = await chat.until(({ id, active, result }) => id === grace.id && !active && result === 'stored')
  story.show(...linesOf(chat, grace.id))
  story.check('the chat product has deactivated her too', chat.member(grace.id)?.active, false)

  story.say('She comes back. Her old sessions stay ended, and she logs in again:')
  const back = await provider.patch(grace.id, entraActive(true))
  story.check('active again: 200', [back.status, back.body.active], [200, true])
  story.check('the old session: 401', (await browser.me(grace.session)).status, 401)
  story.check('the old refresh token: 401', (await browser.refresh(grace.refresh)).status, 401)
  story.check('a new login: 200', (await browser.login('grace')).status, 200)
  await chat.until(({ id, active, position }) => id === grace.id && active && position > informed.position)
  story.check('the chat product has an active member again', chat.member(grace.id)?.active, true)
}
