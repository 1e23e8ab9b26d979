import { made, partsOf, type Scene } from '../scene.js'

/** Equal content, other content, no change at all, and content that comes back. */
export async function whatAVersionIsMadeOf(scene: Scene): Promise<void> {
  const { story, wire, hr } = scene
  story.chapter('What a version is made of')
  story.say(
    'Barbara changes her title, changes it to the same again, and then back to what it was. Four moments, three versions:',
  )
  const barbara = await made(scene, 'barbara')
  const set = async (title: string): Promise<string> =>
    (await hr.users.patch(barbara.id, [{ op: 'replace', path: 'title', value: title }], { ifMatch: false }))?.meta
      ?.version ?? ''
  const professor = await set('Professor')
  const same = await set('Professor')
  const institute = await set('Institute Professor')
  const back = await set('Professor')
  story.show(
    `Professor             ${professor}`,
    `Professor, again      ${same}      nothing was written`,
    `Institute Professor   ${institute}`,
    `Professor, once more  ${back}`,
  )
  story.check('a write that changes nothing moves nothing: the same tag', same, professor)
  story.check('other content, other digest', partsOf(institute).digest === partsOf(professor).digest, false)
  story.check('equal content has an equal digest', partsOf(back).digest, partsOf(professor).digest)
  story.check('but the generation has moved on: a version never comes back', partsOf(back).generation, '4')
  story.check('and each write has random bits of its own', partsOf(back).nonce === partsOf(professor).nonce, false)
  story.say(
    'That is why there are three parts. The digest shows equal content. With the digest alone, a client that has seen the first ' +
      'Professor could overwrite what happened in between. The generation orders the changes. With these two alone, a tag could ' +
      'come back after a backup is restored: the next change has the generation of one that is lost, and a change of members or ' +
      'of a password leaves the digest as it is. The random bits make a version unique to its history.',
  )
  const stale = await wire('DELETE', `/Users/${barbara.id}`, { headers: { 'If-Match': professor } })
  story.check('and so a write on the first Professor is refused: 412', stale.status, 412)
}
