import { employed, linesOf, type Scene } from '../scene.js'

/** The chat product fails, while its members change. */
export async function anOutsideSystemThatIsDown(scene: Scene): Promise<void> {
  const { story, provider, browser, chat } = scene
  story.chapter('The outside system is down')
  story.say(
    'The chat product answers 503. That must not delay the end of a session, and no change may be lost. Alan is ' +
      'deactivated, in the way of Okta this time; a mistake, so he is activated, and then renamed:',
  )
  const alan = await employed(scene, 'alan')
  chat.mode = 'down'
  const deactivated = await provider.patch(alan.id, { op: 'replace', value: { active: false } })
  story.show(...deactivated.lines)
  story.check('the response did not wait for the chat product: 200', deactivated.status, 200)
  story.check('his session has ended: 401', (await browser.me(alan.session)).status, 401)
  await provider.patch(alan.id, { op: 'replace', value: { active: true } })
  await provider.patch(alan.id, { op: 'replace', path: 'userName', value: 'turing' })
  const isFailed = ({ id, result }: { readonly id: string; readonly result: string }) =>
    id === alan.id && result === 'failed'
  await chat.until((received) => chat.received.filter(isFailed).length >= 3 && isFailed(received))
  story.check('the chat product still has him as active', chat.member(alan.id)?.active, true)

  story.say('After three failed attempts the chat product works again:')
  chat.mode = 'works'
  await chat.until(({ id, userName, result }) => id === alan.id && userName === 'turing' && result === 'stored')
  story.show(...linesOf(chat, alan.id))
  const stored = chat.received.filter(({ id, result }) => id === alan.id && result === 'stored')
  story.check(
    'each change was delivered, in the order of the commits',
    stored.map(({ userName, active }) => `${userName} ${active}`),
    ['alan true', 'alan false', 'alan true', 'turing true'],
  )
  story.check(
    'no later change was sent before the earlier one was accepted',
    chat.received.filter(isFailed).every(({ userName, active }) => userName === 'alan' && !active),
    true,
  )
}
