import { employed, entraActive, linesOf, type Scene } from '../scene.js'

/** The process ends between the commit and the delivery. */
export async function killedBeforeDelivery(scene: Scene): Promise<void> {
  const { story, provider, browser, chat, app, restart } = scene
  story.chapter('Killed between commit and delivery')
  story.say(
    'The worst moment: the deactivation of Edsger is committed and acknowledged, the chat product has the request and has ' +
      'not answered it, and the process of the application is killed with SIGKILL:',
  )
  const edsger = await employed(scene, 'edsger')
  chat.mode = 'silent'
  const patch = await provider.patch(edsger.id, entraActive(false))
  const isDeactivation = ({ id, active }: { readonly id: string; readonly active: boolean }) =>
    id === edsger.id && !active
  await chat.until(isDeactivation)
  await app.kill()
  story.show(...patch.lines, '× SIGKILL')
  story.check('the deactivation was acknowledged: 200', patch.status, 200)
  story.check('the chat product still has him as active', chat.member(edsger.id)?.active, true)

  story.say('The application starts again, on the same database:')
  chat.mode = 'works'
  await restart()
  story.check('his session was ended in the transaction: 401', (await browser.me(edsger.session)).status, 401)
  await chat.until((received) => isDeactivation(received) && received.result === 'stored')
  story.show(...linesOf(chat, edsger.id))
  story.check('the deactivation is delivered', chat.member(edsger.id)?.active, false)
  const positions = chat.received.filter(isDeactivation).map(({ position }) => position)
  story.check(
    'it was sent at least twice, with one position',
    [positions.length > 1, new Set(positions).size],
    [true, 1],
  )
}
