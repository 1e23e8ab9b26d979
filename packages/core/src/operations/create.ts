/** Creates a resource. @see RFC 7644 §3.3 */
import type { ScimContext } from '../context.js'
import { type Engine, paceFor, timeNow } from '../engine/engine.js'
import { findType } from '../engine/find-type.js'
import { idsToSkip, underPolicy } from '../engine/unknown-members.js'
import { scimError } from '../errors.js'
import { documentText, type JsonObject } from '../json/value.js'
import { bodyOf, type CreateOperation } from '../operation-types/operation.js'
import type { OutcomeByKind } from '../operation-types/outcome.js'
import { inPortions } from '../pacing/portions.js'
import type { Permitted } from '../permissions/permit.js'
import { type Presentation, presentationFor, presentWithoutBody } from '../presenting/present.js'
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
export async function create(
  engine: Engine,
  context: ScimContext,
  operation: Permitted<CreateOperation>,
): Promise<OutcomeByKind['create']> {
  return withPasswordPlace(engine, context, (place) => createWith(engine, context, operation, place))
}

async function createWith(
  engine: Engine,
  context: ScimContext,
  operation: Permitted<CreateOperation>,
  place: PasswordPlace,
): Promise<OutcomeByKind['create']> {
  const type = findType(engine, operation.type)
  // A tag on a create expects a version of a resource that does not exist yet: never silently unconditional.
  if (Array.isArray(operation.precondition?.match)) {
    throw scimError.preconditionFailed('If-Match is not allowed on a create: the resource has no version yet.')
  }
  const [given, ignored] = [new Set<Attribute>(), ignoredNames()]
  const presentationNow = (): Presentation =>
    presentationFor(engine, context, type, operation.projection, operation.prefer, given)
  // An invalid projection is refused before the resource is created.
  presentationNow()
  const pace = paceFor(engine, context)
  const reading = { interop: context.interop, ignored, given }
  const read = await inPortions(readResourceInSteps(type, await bodyOf(operation.body), reading), pace)
  const { document, secret } = takeSecret(read)
  const id = engine.ports.newId()
  const split = splitMembers(type, validateDocument(type, id, document, undefined))
  const { resource, members: wanted } = await inPortions(split, pace)
  const turn = place.take(secret)
  if (turn !== undefined) await turn
  const next = {
    resource,
    version: firstVersion(await documentDigest(engine, resource), versionNonce(engine.ports.randomBytes)),
    at: timeNow(engine),
    unique: uniqueKeys(type, resource, engine.uniqueGroupDisplayName),
  }
  const result = await insertKnown(engine, context, { type: type.name, id }, next, wanted)
  if (result.kind === 'duplicate') return result
  const { members } = result
  const { version, at, id: ownId = id } = result.written
  const ref = { type: type.name, id: ownId }
  reportWrite(engine, context, {
    operation: 'create',
    ref,
    before: undefined,
    after: version,
    attempts: 1,
    ignored: ignored.names,
    skippedMembers: wanted.length - members.length,
  })
  await handOverSecret(engine, context, ref, secret, version)
  const presentation = presentationNow()
  if (presentation.prefer === 'minimal') {
    return { kind: 'created', value: presentWithoutBody(engine, context, { ref, version }, 'minimal') }
  }
  const own = withId(resource, ownId)
  const written: Stored = { ref, version, created: at, lastModified: at, resource: own, json: documentText(own) }
  const { stored } = await readAfterWrite(engine, context, presentation, { written, members, before: undefined })
  return { kind: 'created', value: await represent(engine, context, presentation, stored) }
}

type Inserted = { readonly kind: 'inserted'; readonly written: Written; readonly members: readonly Member[] }

// Inserts with the members that the host's policy accepts.
async function insertKnown(
  engine: Engine,
  context: ScimContext,
  ref: ResourceRef,
  next: Omit<Next, 'members'>,
  wanted: readonly Member[],
): Promise<Inserted | Duplicate> {
  const skipped = new Set<string>()
  for (;;) {
    const members = skipped.size === 0 ? wanted : wanted.filter(({ value }) => !skipped.has(value))
    const changes = await inPortions(membersDelta([], members), paceFor(engine, context))
    const delta = underPolicy(engine.unknownMembers, changes)
    const result = await engine.provider.insert(ref, { ...next, members: delta }, context)
    switch (result.kind) {
      case 'success':
        return { kind: 'inserted', written: result.value, members }
      case 'duplicate':
        return result
      case 'unknownMembers':
        for (const id of idsToSkip(engine.unknownMembers, result, delta)) skipped.add(id)
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
