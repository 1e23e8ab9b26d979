import { acmeOf, idIn, need, patch, type Scene, user } from '../scene.js'

/** What scopes permit, down to attributes. */
export async function scopesAndAttributes(scene: Scene): Promise<void> {
  const { story, made } = scene
  const acme = acmeOf(scene)
  const auditor = need(made.auditor)
  story.chapter('What a token may do')
  story.say('The scope of Entra may change everything but roles: administrators of the product give these.')
  const grace = await acme.send('POST', '/Users', user('grace@example.com'))
  const path = `/Users/${idIn(grace)}`
  const role = await acme.send('PATCH', path, patch({ op: 'add', path: 'roles', value: [{ value: 'admin' }] }))
  story.check('a PATCH of roles: 403', role.status, 403)
  story.show(String(role.body.detail))
  const title = await acme.send('PATCH', path, patch({ op: 'replace', path: 'title', value: 'Admiral' }))
  story.check('a PATCH of title: 200', title.status, 200)
  const created = await acme.send('POST', '/Users', user('mallory@example.com', { roles: [{ value: 'admin' }] }))
  story.check('a create with a role: 403', created.status, 403)

  story.say(
    'The auditor of globex reads user names and nothing else of a person. What it may not read, it cannot ask about:',
  )
  const list = await auditor.send('GET', '/Users')
  const [ada] = list.body.Resources as readonly Readonly<Record<string, unknown>>[]
  story.check('the user name', ada?.userName, 'ada@example.com')
  story.check('no title', ada?.title, undefined)
  const asked = await auditor.send('GET', `/Users?filter=${encodeURIComponent('title sw "Eng"')}`)
  story.check('a filter on the title: 403', asked.status, 403)
  const sorted = await auditor.send('GET', '/Users?sortBy=title')
  story.check('a sort by the title: 403', sorted.status, 403)
  const write = await auditor.send('DELETE', `/Users/${String(ada?.id)}`)
  story.check('a DELETE: 403', write.status, 403)
  const nothing = await auditor.send('DELETE', '/Users/no-such-user')
  story.check('the same for a user that does not exist', nothing.body, write.body)
}
