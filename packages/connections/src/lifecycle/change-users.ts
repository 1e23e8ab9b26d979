/**
 * Changes the users of a tenant in portions, through the same operations as a request: conditional writes, with hooks,
 * events and outbox rows. May be repeated, and by several processes at once: users that are changed are not found again.
 */
import { ifVersion, type Scim, type ScimContext, ScimError, tenantId } from '@scimkit/core'
import type { ConnectionPorts } from '../ports.js'
import { fullScope } from '../tokens/scopes.js'
import type { Connection } from './views.js'

/** The part of a server that changes users. */
export type ScimOperations = Pick<Scim, 'perform' | 'context'>

/** The result of all portions. */
export interface UsersChanged {
  readonly changed: number
  /** Users that could not be changed, such as by the refusal of a hook, at most 100 of them. */
  readonly failed: readonly FailedUser[]
}

/** A user that could not be changed. */
export interface FailedUser {
  readonly id: string
  readonly reason: string
}

const portion = 100
const atOnce = 8
const shownFailures = 100

// So many failures of the server one after the other are those of the store, not of single users.
const mostFailuresInSequence = 10

// Hooks may undo changes, again and again.
const mostPasses = 10

// Requests that were admitted before the credentials ended may still create users. Every cache of credentials is younger.
const settling = 1_000

const patchOp = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'

/** Deactivates or removes all users of the tenant. Rejects if the store fails; the users changed before stay changed. */
export async function changeUsers(
  scim: ScimOperations,
  { id, tenant, users }: Pick<Connection, 'id' | 'tenant' | 'users'>,
  { sleep }: Pick<ConnectionPorts, 'sleep'>,
): Promise<UsersChanged> {
  if (users !== 'deactivate' && users !== 'remove') return { changed: 0, failed: [] }
  const context = scim.context({ tenant: tenantId(tenant), principal: `connection:${id}`, scopes: [fullScope] })
  let changed = 0
  let isSettled = false
  for (let pass = 1; ; pass++) {
    const { changed: inPass, failed } = await passOver(scim, context, users)
    changed += inPass
    // The last pass finds no user that it can change, and begins after no credentials are accepted any more.
    if ((inPass === 0 && isSettled) || pass === mostPasses) return { changed, failed: shown(failed) }
    if (inPass > 0) continue
    await sleep(settling)
    isSettled = true
  }
}

function shown(failed: ReadonlyMap<string, string>): readonly FailedUser[] {
  return [...failed].slice(0, shownFailures).map(([id, reason]) => ({ id, reason }))
}

interface Pass {
  readonly changed: number
  readonly failed: ReadonlyMap<string, string>
}

// Changed users leave the list, so the next page starts behind those that could not be changed.
async function passOver(scim: ScimOperations, context: ScimContext, users: 'deactivate' | 'remove'): Promise<Pass> {
  const done = new Set<string>()
  const failed = new Map<string, string>()
  let changed = 0
  let inSequence = 0
  for (let skipped = 0; ; ) {
    const found = await nextUsers(scim, context, users, skipped)
    if (found.length === 0) return { changed, failed }
    // A hook of the host has undone the change: without this, the pass would not end.
    for (const id of found) if (done.has(id)) failed.set(id, 'the change has no effect')
    const ids = found.filter((id) => !failed.has(id))
    for (let at = 0; at < ids.length; at += atOnce) {
      const results = await Promise.all(ids.slice(at, at + atOnce).map((id) => changeUser(scim, context, users, id)))
      for (const { id, failure } of results) {
        if (failure === undefined) {
          changed++
          done.add(id)
        } else failed.set(id, reasonOf(failure))
        inSequence = isFailureOfServer(failure) ? inSequence + 1 : 0
        if (inSequence >= mostFailuresInSequence) throw failure
      }
    }
    skipped += found.filter((id) => failed.has(id)).length
  }
}

async function nextUsers(
  scim: ScimOperations,
  context: ScimContext,
  users: 'deactivate' | 'remove',
  skipped: number,
): Promise<readonly string[]> {
  const filter = users === 'deactivate' ? { filter: 'not (active eq false)' } : {}
  const search = { ...filter, attributes: ['id'], startIndex: skipped + 1, count: portion }
  const { value } = await scim.perform({ kind: 'query', type: 'User', search }, context)
  const { Resources = [] }: { readonly Resources?: readonly { readonly id: string }[] } = JSON.parse(value.text)
  return Resources.map(({ id }) => id)
}

interface ChangedUser {
  readonly id: string
  readonly failure: unknown
}

// A host may require If-Match: the version that the refusal names is the one to change.
async function changeUser(
  scim: ScimOperations,
  context: ScimContext,
  users: 'deactivate' | 'remove',
  id: string,
): Promise<ChangedUser> {
  const ref = { type: 'User', id }
  let condition = {}
  try {
    for (let attempt = 1; attempt <= 10; attempt++) {
      const outcome =
        users === 'remove'
          ? await scim.perform({ kind: 'remove', ref, ...condition }, context)
          : await scim.perform({ kind: 'patch', ref, body: deactivation(), prefer: 'minimal', ...condition }, context)
      switch (outcome.kind) {
        case 'success':
        case 'removed':
        case 'notFound':
          return { id, failure: undefined }
        case 'preconditionRequired':
        case 'versionMismatch':
          condition = { precondition: ifVersion(outcome.current) }
          break
        case 'duplicate':
          return { id, failure: new ScimError(409, `${outcome.attribute} is not unique.`) }
      }
    }
    return { id, failure: new ScimError(412, 'The user was changed by others at the same time.') }
  } catch (failure) {
    return { id, failure: failure ?? new Error('unknown') }
  }
}

function deactivation() {
  return { schemas: [patchOp], Operations: [{ op: 'replace', path: 'active', value: false }] }
}

function isFailureOfServer(failure: unknown): boolean {
  return failure !== undefined && !(failure instanceof ScimError && failure.status < 500)
}

// The message of an error that is not a ScimError may have names and values of the store.
function reasonOf(failure: unknown): string {
  return failure instanceof ScimError ? `${failure.status}: ${failure.message}` : '500: the server failed'
}
