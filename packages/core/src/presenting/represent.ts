/**
 * Representations with their tags. A weak tag is the version's, and costs nothing; a strict one is computed from the
 * bytes.
 *
 * `meta.version` is the same string as the tag, and a text cannot contain its own digest: the digest is computed over
 * the text whose `meta.version` is empty. So equal tags mean equal texts, and other bytes have another tag.
 * @see RFC 7643 §3.1 (`meta.version`); RFC 9110 §8.8.1
 */
import type { ScimContext } from '../context.js'
import type { Call } from '../engine/call.js'
import type { Engine } from '../engine/engine.js'
import type { Representation } from '../operation-types/representation.js'
import { inPortions, paceOf } from '../pacing/portions.js'
import type { Stored } from '../provider/provider.js'
import { type HttpVersion, httpVersion, type RawVersion, strongHttpVersion, textDigest } from '../versioning/version.js'
import { hasManyMembers, present, presentedText, textInSteps } from './present.js'
import type { Presentation } from './presentation.js'
import { withReadableVersion } from './readable.js'

/** One resource as a client sees it. `kept` has the data that the presentation needs. */
export async function represent(call: Call, presentation: Presentation, kept: Stored): Promise<Representation> {
  const stored = withReadableVersion(call, kept)
  if (!hasManyMembers(stored)) {
    const textNow = (): string => present(call, presentation, stored, '').text ?? ''
    const tag = await tagOfText(call.engine, call.context, stored.version, textNow)
    return present(call, presentation, stored, tag)
  }
  const pace = paceOf(call.engine.ports)
  const textWith = (tag: HttpVersion | ''): Promise<string> =>
    inPortions(textInSteps(call, presentation, stored, tag), pace)
  const untagged = call.engine.etag === 'weak' ? '' : await textWith('')
  const tag = await tagOfText(call.engine, call.context, stored.version, () => untagged)
  return present(call, presentation, stored, tag, await textWith(tag))
}

/** The text of one resource of a page. */
export async function representText(call: Call, presentation: Presentation, stored: Stored): Promise<string> {
  if (call.engine.etag === 'weak' && !hasManyMembers(stored)) {
    const { version } = withReadableVersion(call, stored)
    return presentedText(call, presentation, stored, httpVersion(version))
  }
  return (await represent(call, presentation, stored)).text ?? ''
}

/**
 * The tag of a representation. `text` returns it with an empty `meta.version`; it is called only where tags are strict.
 */
export async function tagOfText(
  engine: Pick<Engine, 'etag' | 'ports'>,
  context: Pick<ScimContext, 'mediaType'>,
  version: RawVersion,
  text: () => string,
): Promise<HttpVersion> {
  if (engine.etag === 'weak') return httpVersion(version)
  // RFC 9110 §8.8.1: representations that differ in their media type alone need different tags.
  return strongHttpVersion(version, await textDigest(`${context.mediaType}\n${text()}`, engine.ports.digest))
}
