import { acmeOf, globexOf, idIn, type Scene, user } from '../scene.js'

/** The same name in both tenants: neither knows about the other. */
export async function oneNameTwice(scene: Scene): Promise<void> {
  const { story } = scene
  const [acme, globex] = [acmeOf(scene), globexOf(scene)]
  story.chapter('One name, two people')
  story.say(
    'Both customers have an ada@example.com. A userName is unique in its tenant, and a 409 never tells about another:',
  )
  const one = await acme.send('POST', '/Users', user('ada@example.com', { title: 'Countess' }))
  const two = await globex.send('POST', '/Users', user('ada@example.com', { title: 'Engineer' }))
  story.check('acme: 201', one.status, 201)
  story.check('globex: 201', two.status, 201)
  story.check('they are two resources', idIn(one) === idIn(two), false)
  const again = await acme.send('POST', '/Users', user('ADA@example.com'))
  story.check('a second one in acme: 409', again.status, 409)
  const found = await globex.send('GET', `/Users?filter=${encodeURIComponent('userName eq "ada@example.com"')}`)
  const [ada] = found.body.Resources as readonly { readonly title: string }[]
  story.check('globex finds its own', ada?.title, 'Engineer')
  story.check('and only that', found.body.totalResults, 1)
}
