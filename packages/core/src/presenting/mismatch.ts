import type { Call } from '../engine/call.js'
import type { MismatchOutcome } from '../operation-types/outcome.js'
import { changedSince } from '../provider/version-change.js'
import type { ResourceRef } from '../resource/ref.js'
import type { Precondition } from '../versioning/precondition.js'
import { type HttpVersion, namesVersion, type RawVersion } from '../versioning/version.js'
import { readableNames, readableVersion } from './readable.js'

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
  call: Call,
  asked: Asked,
  current: RawVersion,
  tag?: HttpVersion,
): Promise<MismatchOutcome> {
  const changed = await changesSince(call, asked, current)
  return {
    kind: 'versionMismatch',
    expected: asked.precondition,
    current: readableVersion(call, asked.ref.type, current),
    ...(tag !== undefined && { tag }),
    ...(changed !== undefined && { changed }),
  }
}

async function changesSince(
  call: Call,
  { ref, precondition: { match } }: Asked,
  current: RawVersion,
): Promise<readonly string[] | undefined> {
  // If the current version is one of those expected, If-None-Match has refused: there are no changes that the client
  // did not know.
  if (
    call.engine.provider.history === undefined ||
    typeof match !== 'object' ||
    match.some((one) => namesVersion(one, current))
  )
    return undefined
  try {
    const changed = changedSince(await call.engine.provider.history(ref, call.context), current, match)
    const readable = changed && readableNames(call, ref.type, changed)
    return readable !== undefined && readable.length <= mostNames ? readable : undefined
  } catch (error) {
    // It is known that nothing was written, and the client must learn that.
    call.engine.onError(error, call.context)
    return undefined
  }
}
