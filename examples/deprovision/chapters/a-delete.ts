import { employed, type Scene } from '../scene.js'

/** DELETE ends access in the same way, and removes the user from its groups. */
export async function aDelete(scene: Scene): Promise<void> {
  const { story, provider, browser, chat } = scene
  story.chapter('A delete')
  story.say(
    'Entra ID sends DELETE when an account is deleted permanently, often 30 days after the deactivation; other identity ' +
      'providers send it at once. Barbara is logged in, and a member of a group:',
  )
  const barbara = await employed(scene, 'barbara')
  const group = await provider.send('POST', '/Groups', {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'],
    displayName: 'Engineering',
    members: [{ value: barbara.id }],
  })
  const gone = await provider.delete(barbara.id)
  story.show(...gone.lines)
  story.check('deleted: 204', gone.status, 204)
  story.check('her session: 401', (await browser.me(barbara.session)).status, 401)
  story.check('her refresh token: 401', (await browser.refresh(barbara.refresh)).status, 401)
  await chat.until(({ id, active, result }) => id === barbara.id && !active && result === 'stored')
  story.check('the chat product has deactivated her', chat.member(barbara.id)?.active, false)
  const left = await provider.send('GET', `/Groups/${String(group.body.id)}`)
  story.check(
    'the group has no member, and a new version',
    [left.body.members, left.etag === group.etag],
    [undefined, false],
  )
}
