import { made, partsOf, type Scene } from '../scene.js'

/** Equal content, other content, no change, and a return to earlier content. */
export async function whatAVersionIsMadeOf(scene: Scene): Promise<void> {
  const { story, wire, hr } = scene
  story.chapter('What a version is made of')
  story.say(
    'Barbara changes her title, sets it to the same value again, changes it, and then changes it back. Four writes, three versions:',
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
  story.check('a write that changes nothing keeps the tag', same, professor)
  story.check('other content, other digest', partsOf(institute).digest === partsOf(professor).digest, false)
  story.check('equal content has an equal digest', partsOf(back).digest, partsOf(professor).digest)
  story.check('but the generation differs: a version is never used again', partsOf(back).generation, '4')
  story.check('and each write has different random bits', partsOf(back).nonce === partsOf(professor).nonce, false)
  story.say(
    'That is why there are three parts. The digest shows equal content. With the digest alone, a client that has read the first ' +
      'Professor could overwrite the changes in between. The generation orders the changes. With these two alone, a tag could ' +
      'be used again after a backup is restored: the next change has the generation of a lost one, and a change of members or ' +
      'of a password does not change the digest. The random bits make a version unique to its history.',
  )
  const stale = await wire('DELETE', `/Users/${barbara.id}`, { headers: { 'If-Match': professor } })
  story.check('so a write with the version of the first Professor is refused: 412', stale.status, 412)
}
