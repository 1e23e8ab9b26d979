import type { Engine } from '../engine/engine.js'
import { scimError } from '../errors.js'
import { canonicalJson, type JsonObject } from '../json/value.js'
import { textDigest } from '../versioning/version.js'

/**
 * The digest of a document that is about to be stored. Throws 400 invalidValue if many small writes have made it larger
 * than `limits.documentLength`: the stored document is read, compared and hashed again on every write.
 */
export async function documentDigest(engine: Engine, resource: JsonObject): Promise<string> {
  const text = canonicalJson(resource)
  const { documentLength } = engine.limits
  if (text.length > documentLength) {
    throw scimError.invalidValue(`The resource would be longer than ${documentLength} characters.`)
  }
  return textDigest(text, engine.ports.digest)
}
