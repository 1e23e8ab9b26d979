/** Creates a resource. @see RFC 7644 §3.3 */
import type { Call } from '../engine/call.js'
import { paceFor, timeNow } from '../engine/engine.js'
import { findType } from '../engine/find-type.js'
import { idsToSkip, underPolicy } from '../engine/unknown-members.js'
import { scimError } from '../errors.js'
import { documentText, type JsonObject } from '../json/value.js'
import { bodyOf, type CreateOperation } from '../operation-types/operation.js'
import type { OutcomeByKind } from '../operation-types/outcome.js'
import { inPortions } from '../pacing/portions.js'
import type { Permitted } from '../permissions/permit.js'
import { presentWithoutBody } from '../presenting/present.js'
import { presentationFor } from '../presenting/presentation.js'
import { represent } from '../presenting/represent.js'
import type { Duplicate } from '../provider/conditional.js'
import { membersDelta, splitMembers } from '../provider/member-rows.js'
import type { Next, Stored, Written } from '../provider/provider.js'
import { ignoredNames } from '../resource/ignored-names.js'
import type { Member } from '../resource/member.js'
import { readResourceInSteps } from '../resource/read-resource.js'
import type { ResourceRef } from '../resource/ref.js'
import { uniqueKeys } from '../resource/unique-keys.js'
import { validateDocument } from '../resource/validate-document.js'
import type { Attribute } from '../schema/attribute.js'
import { firstVersion, versionNonce } from '../versioning/version.js'
import { handOverSecret, reportWrite } from '../writing/after-write.js'
import { documentDigest } from '../writing/document-digest.js'
import { type PasswordPlace, withPasswordPlace } from '../writing/password-place.js'
import { readAfterWrite } from '../writing/read-after-write.js'
import { takeSecret } from '../writing/secret.js'

/** The new resource, or the unique attribute whose value another resource has. */
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
  const pace = paceFor(call.engine, call.context)
  const reading = { interop: call.context.interop, ignored, given }
  const read = await inPortions(readResourceInSteps(type, await bodyOf(operation.body), reading), pace)
  const { document, secret } = takeSecret(read)
  const id = call.engine.ports.newId()
  const split = splitMembers(type, validateDocument(type, id, document, undefined))
  const { resource, members: wanted } = await inPortions(split, pace)
  const turn = place.take(secret)
  if (turn !== undefined) await turn
  const next = {
    resource,
    version: firstVersion(await documentDigest(call.engine, resource), versionNonce(call.engine.ports.randomBytes)),
    at: timeNow(call.engine),
    unique: uniqueKeys(type, resource, call.engine.uniqueGroupDisplayName),
  }
  const result = await insertKnown(call, { type: type.name, id }, next, wanted)
  if (result.kind === 'duplicate') return result
  const { members } = result
  const { version, at, id: ownId = id } = result.written
  const ref = { type: type.name, id: ownId }
  reportWrite(call, {
    operation: 'create',
    ref,
    before: undefined,
    after: version,
    attempts: 1,
    ignored: ignored.names,
    skippedMembers: wanted.length - members.length,
  })
  await handOverSecret(call, ref, secret, version)
  if (presentation.prefer === 'minimal') {
    return { kind: 'created', value: presentWithoutBody(call, { ref, version }, 'minimal') }
  }
  const own = withId(resource, ownId)
  const written: Stored = { ref, version, created: at, lastModified: at, resource: own, json: documentText(own) }
  const { stored } = await readAfterWrite(call, presentation, { written, members, before: undefined })
  return { kind: 'created', value: await represent(call, presentation, stored) }
}

type Inserted = { readonly kind: 'inserted'; readonly written: Written; readonly members: readonly Member[] }

// Inserts with the members that the host's policy accepts.
async function insertKnown(
  call: Call,
  ref: ResourceRef,
  next: Omit<Next, 'members'>,
  wanted: readonly Member[],
): Promise<Inserted | Duplicate> {
  const skipped = new Set<string>()
  for (;;) {
    const members = skipped.size === 0 ? wanted : wanted.filter(({ value }) => !skipped.has(value))
    const changes = await inPortions(membersDelta([], members), paceFor(call.engine, call.context))
    const delta = underPolicy(call.engine.unknownMembers, changes)
    const result = await call.engine.provider.insert(ref, { ...next, members: delta }, call.context)
    switch (result.kind) {
      case 'success':
        return { kind: 'inserted', written: result.value, members }
      case 'duplicate':
        return result
      case 'unknownMembers':
        for (const id of idsToSkip(call.engine.unknownMembers, result, delta)) skipped.add(id)
        break
      case 'versionMismatch':
      case 'notFound':
        throw new Error(`insert returned ${result.kind}, which is valid for other writes only`)
    }
  }
}

// A store that creates its own ids returns the id that it created.
function withId(resource: JsonObject, id: string): JsonObject {
  return resource.id === id ? resource : { ...resource, id }
}
