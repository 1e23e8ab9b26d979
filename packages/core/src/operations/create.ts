/** Creates a resource. @see RFC 7644 §3.3 */
import type { Call } from '../engine/call.js'
import { paceFor } from '../engine/engine.js'
import { findType } from '../engine/find-type.js'
import { scimError } from '../errors.js'
import { documentText, isObject } from '../json/value.js'
import { bodyOf, type CreateOperation } from '../operation-types/operation.js'
import type { OutcomeByKind } from '../operation-types/outcome.js'
import { inPortions } from '../pacing/portions.js'
import type { Permitted } from '../permissions/permit.js'
import { presentWithoutBody } from '../presenting/present.js'
import { type Presentation, presentationFor } from '../presenting/presentation.js'
import { represent } from '../presenting/represent.js'
import type { Stored } from '../provider/provider.js'
import { ignoredNames } from '../resource/ignored-names.js'
import { readResourceInSteps } from '../resource/read-resource.js'
import type { Attribute } from '../schema/attribute.js'
import { callAfterHook, handOverSecret, reportWrite } from '../writing/after-write.js'
import type { Committed } from '../writing/commit-result.js'
import { checkIdempotencyKey, creationKeyFor } from '../writing/creation/creation-key.js'
import { createOrReplace } from '../writing/creation/replace-duplicate.js'
import { createdBefore, replayCreation } from '../writing/creation/replay-creation.js'
import { type PasswordPlace, withPasswordPlace } from '../writing/password-place.js'
import { readAfterWrite } from '../writing/read-after-write.js'
import { checkCreated } from '../writing/rights/check-state.js'
import { takeSecret } from '../writing/secret.js'
import { finish } from '../writing/write-existing.js'

/**
 * The new resource, or the unique attribute whose value another resource has. With an idempotency key that was used
 * before, the resource of that create.
 */
export async function create(call: Call, operation: Permitted<CreateOperation>): Promise<OutcomeByKind['create']> {
  return withPasswordPlace(call, (place) => createWith(call, operation, place))
}

async function createWith(
  call: Call,
  operation: Permitted<CreateOperation>,
  place: PasswordPlace,
): Promise<OutcomeByKind['create']> {
  const type = findType(call.engine, operation.type)
  // A tag on a create expects a version of a resource that does not exist yet: never silently unconditional.
  if (Array.isArray(operation.precondition?.match)) {
    throw scimError.preconditionFailed('If-Match is not allowed on a create: the resource has no version yet.')
  }
  const [given, ignored] = [new Set<Attribute>(), ignoredNames()]
  // An invalid projection is refused before the resource is created.
  const presentation = presentationFor(call, type, operation.projection, operation.prefer, given)
  const reading = { interop: call.context.interop, ignored, given }
  const { idempotencyKey } = operation
  if (idempotencyKey !== undefined) checkIdempotencyKey(call.engine, idempotencyKey)
  const body = await bodyOf(operation.body)
  const read = await inPortions(readResourceInSteps(type, body, reading), paceFor(call.engine, call.context))
  checkCreated(type, read)
  const key =
    idempotencyKey === undefined || !isObject(body)
      ? undefined
      : await creationKeyFor(call, type.name, idempotencyKey, body)
  const before = key && (await createdBefore(call, key))
  const created =
    before === undefined
      ? await createOrReplace(call, { type, operation, body, derived: presentation.needs.derived, key }, read, place)
      : ({ kind: 'alreadyCreated', record: before } as const)
  if (created.kind === 'duplicate') return created
  if (created.kind === 'committed') {
    // The rights of the PUT limit what this response shows too.
    const { engine } = created.within
    const shown =
      created.within === call
        ? presentation
        : presentationFor(created.within, findType(engine, type.name), operation.projection, operation.prefer, given)
    return replaced(created.within, shown, created, ignored.names)
  }
  if (created.kind === 'alreadyCreated') {
    if (key === undefined) throw new Error('A create without an idempotency key has no record.')
    return replayCreation(call, created.record, { key, presentation, secret: takeSecret(read).secret, place })
  }
  const { ref, version, at, resource, members, skippedMembers, secret } = created
  reportWrite(call, {
    operation: 'create',
    ref,
    before: undefined,
    after: version,
    attempts: 1,
    ignored: ignored.names,
    skippedMembers,
  })
  callAfterHook(call, created.callAfter)
  await handOverSecret(call, ref, secret, version)
  if (presentation.prefer === 'minimal') {
    return { kind: 'created', value: presentWithoutBody(call, { ref, version }, 'minimal') }
  }
  const written: Stored = { ref, version, created: at, lastModified: at, resource, json: documentText(resource) }
  const { stored } = await readAfterWrite(call, presentation, { written, members, before: undefined })
  return { kind: 'created', value: await represent(call, presentation, stored) }
}

/** The answer to a create that has replaced the resource with its unique value: 201, as the client expects. */
async function replaced(
  call: Call,
  presentation: Presentation,
  committed: Committed,
  ignored: readonly string[],
): Promise<OutcomeByKind['create']> {
  const { stored } = await finish(call, 'replace', presentation, committed, ignored, { duplicate: true })
  const { ref } = committed.before
  if (presentation.prefer === 'minimal') {
    return { kind: 'created', value: presentWithoutBody(call, { ref, version: committed.version }, 'minimal') }
  }
  return { kind: 'created', value: await represent(call, presentation, stored) }
}
