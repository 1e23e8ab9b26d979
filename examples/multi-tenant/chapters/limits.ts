import { acmeOf, globexOf, type Scene, shown, user } from '../scene.js'

/** Quotas and rate limits, by customer, changed while the server runs. */
export async function quotasAndRates(scene: Scene): Promise<void> {
  const { story, app } = scene
  const [acme, globex] = [acmeOf(scene), globexOf(scene)]
  story.chapter('Quotas and rates')
  story.say('Acme has three seats. Two of them are taken.')
  story.check('the third user: 201', (await acme.send('POST', '/Users', user('edsger@example.com'))).status, 201)
  const fourth = await acme.send('POST', '/Users', user('barbara@example.com'))
  story.check('the fourth: 403', fourth.status, 403)
  story.show(String(fourth.body.detail))
  story.say('Acme buys two more. The next request has the new settings; nothing is restarted.')
  app.customers.change('acme', { quotas: { User: 5 } })
  story.check('now: 201', (await acme.send('POST', '/Users', user('barbara@example.com'))).status, 201)

  story.say(
    'Globex may send 40 requests at once. A script that does not wait is slowed down, and acme does not notice:',
  )
  const statuses = await Promise.all(Array.from({ length: 60 }, () => globex.send('GET', '/Users?count=0')))
  const refused = statuses.filter(({ status }) => status === 429)
  story.check('some of 60 requests were refused', refused.length > 10 && refused.length < 60, true)
  story.show(...shown(refused[0] ?? fourth), String(refused[0]?.body.detail))
  story.check('acme at the same time: 200', (await acme.send('GET', '/Users?count=0')).status, 200)
  app.customers.change('globex', { rate: { perSecond: 50, burst: 200 } })
  story.check('globex with a larger rate: 200', (await globex.send('GET', '/Users?count=0')).status, 200)
}
