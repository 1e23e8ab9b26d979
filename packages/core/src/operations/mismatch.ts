import type { ScimContext } from '../context.js'
import { changedSince } from '../provider/version-change.js'
import type { ResourceRef } from '../resource/ref.js'
import type { Precondition } from '../versioning/precondition.js'
import type { HttpVersion, RawVersion } from '../versioning/version.js'
import type { Engine } from './engine.js'
import type { MismatchOutcome } from './operation.js'

// Who is so far behind reads the resource again. It keeps the answer, and that of a bulk request, small.
const mostNames = 50

/** Which resource an operation was about, and what it expected of it. */
interface Asked {
  readonly ref: ResourceRef
  readonly precondition: Precondition
}

/**
 * The end of an operation on one resource whose precondition does not hold, with what has changed since the version that
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
  // If one of the versions expected is there, If-None-Match has refused: nothing has changed that it did not know.
  if (engine.provider.history === undefined || typeof match !== 'object' || match.includes(current)) return undefined
  try {
    const changed = changedSince(await engine.provider.history(ref, context), current, match)
    return changed !== undefined && changed.length <= mostNames ? changed : undefined
  } catch (error) {
    // That nothing was written is known, and is what the client must hear.
    engine.onError(error, context)
    return undefined
  }
}
