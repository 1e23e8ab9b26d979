import { httpVersion, ifVersion, parseHttpVersion, rawVersion } from '@scimkit/core'
import { documentOnly, versionNonce } from '@scimkit/core/provider'
import { made, type Scene } from '../scene.js'

/** The same without HTTP: operations of the core, and the compare-and-swap of the provider. */
export async function belowHttp(scene: Scene): Promise<void> {
  const { story, scim, provider, context } = scene
  story.chapter('Below HTTP')
  story.say(
    'All writes use the same operations. A program in the same process calls the operations that HTTP uses, and every ' +
      'outcome is a value to switch over, never an exception that could be forgotten:',
  )
  const { id, meta } = await made(scene, 'alan')
  const ref = { type: 'User', id }
  const stored = await provider.read(ref, documentOnly, context)
  const version = stored?.version ?? rawVersion('none')
  const rename = (displayName: string, expected = version) =>
    scim.perform(
      {
        kind: 'replace',
        ref,
        body: { schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], userName: 'alan', displayName },
        precondition: ifVersion(expected),
      },
      context,
    )
  const won = await rename('Alan Turing')
  story.check("perform({ kind: 'replace', … ifVersion(1-…) }) ends with success", won.kind, 'success')
  const lost = await rename('Alan M. Turing')
  story.check('again with the same version: versionMismatch', lost.kind, 'versionMismatch')
  if (lost.kind === 'versionMismatch') {
    story.show(`expected ${version}`, `current  ${lost.current}`)
    const third = await rename('Alan Mathison Turing', lost.current)
    story.check('with the current version of the mismatch: success', third.kind, 'success')
  }

  story.say(
    'Below the core is the store. It has replace(ref, expected, next) and remove(ref, expected), and no write without an ' +
      'expected version, so a lost update cannot be expressed in code. The version is compared atomically with the write:',
  )
  const removal = { at: new Date().toISOString(), nonce: versionNonce() }
  const stale = await provider.remove(ref, version, removal, context)
  story.check('provider.remove() on the first version: versionMismatch', stale.kind, 'versionMismatch')
  const unknown = await provider.remove({ type: 'User', id: 'unknown' }, version, removal, context)
  story.check('of an unknown id: notFound', unknown.kind, 'notFound')
  story.say(
    'The store keeps the bare version. HTTP has it as a weak entity tag, in ETag and in meta.version. Two functions convert:',
  )
  const tag = httpVersion(version)
  story.show(`raw version   ${version}`, `entity tag    ${tag}`)
  story.check('httpVersion(raw) is W/"…" around it', tag, `W/"${version}"`)
  story.check('the same text as meta.version of the first response', tag, meta?.version)
  story.check('parseHttpVersion(tag) is the raw version again', parseHttpVersion(tag), version)
  story.check('and undefined for a text that is no tag', parseHttpVersion(String(version)), undefined)
  story.check('a RawVersion is the bare text', rawVersion(String(version)), version)
}
