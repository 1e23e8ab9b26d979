import type { ScimContext } from '../context.js'
import type { Engine } from '../engine/engine.js'
import { documentText } from '../json/value.js'
import type { Presentation } from '../presenting/present.js'
import { handOverSecret, reportWrite } from './after-write.js'
import type { Committed } from './commit.js'
import { readAfterWrite, type Shown } from './read-after-write.js'

/** The steps after a committed PUT or PATCH: the event, the secret, and the response. */
export async function finishWrite(
  engine: Engine,
  context: ScimContext,
  operation: 'replace' | 'patch',
  presentation: Presentation,
  result: Committed,
  ignored: readonly string[],
): Promise<Shown> {
  const { before, version, lastModified, resource, members, skippedMembers, attempts, secret } = result
  const { ref, created } = before
  const report = { operation, ref, before: before.version, after: version, attempts, ignored, skippedMembers }
  reportWrite(engine, context, report)
  await handOverSecret(engine, context, ref, secret, version)
  const written = { ref, version, created, lastModified, resource, json: documentText(resource) }
  return readAfterWrite(engine, context, presentation, { written, members, before })
}
