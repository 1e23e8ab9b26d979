import type { ScimContext } from '../context.js'
import type { Engine } from '../engine/engine.js'
import type { MismatchOutcome } from '../operation-types/outcome.js'
import { changedSince } from '../provider/version-change.js'
import type { ResourceRef } from '../resource/ref.js'
import type { Precondition } from '../versioning/precondition.js'
import type { HttpVersion, RawVersion } from '../versioning/version.js'

// A client that is further behind reads the resource again. The limit keeps the response, and that of a bulk request,
// small.
const mostNames = 50

/** The resource of an operation, and its precondition. */
interface Asked {
  readonly ref: ResourceRef
  readonly precondition: Precondition
}

/**
 * The outcome of an operation on one resource whose precondition does not hold, with the changes since the version that
 * the client had, if the provider keeps a history that reaches so far.
 */
export async function mismatch(
  engine: Engine,
  context: ScimContext,
  asked: Asked,
  current: RawVersion,
  tag?: HttpVersion,
): Promise<MismatchOutcome> {
  const changed = await changesSince(engine, context, asked, current)
  return {
    kind: 'versionMismatch',
    expected: asked.precondition,
    current,
    ...(tag !== undefined && { tag }),
    ...(changed !== undefined && { changed }),
  }
}

async function changesSince(
  engine: Engine,
  context: ScimContext,
  { ref, precondition: { match } }: Asked,
  current: RawVersion,
): Promise<readonly string[] | undefined> {
  // If the current version is one of those expected, If-None-Match has refused: there are no changes that the client
  // did not know.
  if (engine.provider.history === undefined || typeof match !== 'object' || match.includes(current)) return undefined
  try {
    const changed = changedSince(await engine.provider.history(ref, context), current, match)
    return changed !== undefined && changed.length <= mostNames ? changed : undefined
  } catch (error) {
    // It is known that nothing was written, and the client must learn that.
    engine.onError(error, context)
    return undefined
  }
}
