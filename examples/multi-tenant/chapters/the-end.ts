import { callerOf, globexOf, need, type Scene } from '../scene.js'

/** A customer leaves: its credentials end, and then its users. */
export async function theEnd(scene: Scene): Promise<void> {
  const { story, app, made } = scene
  const { connections, provider, scim } = app
  const { id } = need(made.connection)
  const globex = globexOf(scene)
  story.chapter('A customer leaves')
  story.say(
    'One call ends all credentials as one unit, and deactivates the users as ordinary writes, with hooks, events and the outbox:',
  )
  const ended = await connections.decommission(id, { users: 'deactivate', allUsers: true, scim })
  story.check('users deactivated', ended.changed, 2)
  story.check('the connection', ended.connection.state, 'decommissioned')
  await new Promise((resolve) => setTimeout(resolve, 1_000))
  story.check('its token: 401', (await globex.send('GET', '/Users')).status, 401)
  const auditor = need(made.auditor)
  const list = await callerOf(scene.origin, 'globex', auditor.token).send('GET', '/Users')
  const users = list.body.Resources as readonly { readonly active: boolean }[]
  story.check(
    'the auditor still sees the users, all inactive',
    users.map(({ active }) => active),
    [false, false],
  )
  story.say('And when the contract says so, everything of the tenant is removed:')
  await provider.tenants.remove('globex')
  story.check('nothing of globex is left', await provider.tenants.stats('globex'), undefined)
  story.check('acme has its users', (await need(made.acme).send('GET', '/Users?count=0')).body.totalResults, 4)
}
