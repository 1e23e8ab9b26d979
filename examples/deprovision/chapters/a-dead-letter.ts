import { setTimeout as pause } from 'node:timers/promises'
import { employed, entraActive, linesOf, type Scene } from '../scene.js'

interface Dead {
  readonly attempts: number
  readonly error: string
  readonly change: { readonly position: number; readonly ref: { readonly id: string } }
}

/** A delivery that fails in every attempt, and the operator who repeats it. */
export async function aDeadLetter(scene: Scene): Promise<void> {
  const { story, provider, browser, chat } = scene
  story.chapter('A dead letter')
  story.say(
    'The chat product refuses each attempt with 422. After the last one, the fifth here, the delivery is a dead letter: ' +
      'it waits for an operator, and blocks no other change.',
  )
  const tony = await employed(scene, 'tony')
  const leslie = await employed(scene, 'leslie')
  chat.mode = 'refuses'
  await provider.patch(tony.id, entraActive(false))
  story.check('his session has ended nevertheless: 401', (await browser.me(tony.session)).status, 401)
  const dead = await deadLetterOf(scene, tony.id)
  story.show(...linesOf(chat, tony.id), '', `dead  ${dead.attempts} attempts, the last error: ${dead.error}`)
  story.check('the operator sees it, with the last error', [dead.attempts, dead.error], [5, 'chat answered 422'])

  chat.mode = 'works'
  await provider.patch(leslie.id, entraActive(false))
  await chat.until(({ id, active, result }) => id === leslie.id && !active && result === 'stored')
  story.check('changes of others are delivered meanwhile', chat.member(leslie.id)?.active, false)

  story.say('The operator has solved the problem with the chat company, and repeats the delivery:')
  const retry = await browser.post(`/deliveries/${dead.change.position}/retry`)
  story.show(...retry.lines)
  await chat.until(({ id, active, result }) => id === tony.id && !active && result === 'stored')
  story.check('it is delivered', chat.member(tony.id)?.active, false)
}

async function deadLetterOf({ browser }: Scene, id: string): Promise<Dead> {
  for (let look = 0; look < 1_000; look++) {
    const { body } = await browser.get('/deliveries')
    const found = (body.dead as readonly Dead[]).find(({ change }) => change.ref.id === id)
    if (found !== undefined) return found
    await pause(20)
  }
  throw new Error('the delivery is not in the dead letters')
}
