/**
 * The one decision point: every operation goes through `permit` before it is carried out. The functions that carry one
 * out take a {@link Permitted} operation, and only this file creates them.
 */
import type { Call } from '../engine/call.js'
import type { Engine } from '../engine/engine.js'
import { findType } from '../engine/find-type.js'
import type {
  AuthorizationDecision,
  AuthorizationPath,
  AuthorizationRequest,
  Refused,
} from '../operation-types/authorize.js'
import { decisionOn, refusalError } from '../operation-types/decide.js'
import type { BulkCreate, BulkPatch, Operation, QueryOperation } from '../operation-types/operation.js'
import type { MaybePromise } from '../provider/provider.js'
import { withoutDigests } from '../versioning/precondition.js'
import { type Rights, rightsIn } from './attribute-rights.js'
import { checkOffered } from './offered.js'

const permission: unique symbol = Symbol('permission')

interface Permission {
  /** The types that a list at the root may show; undefined if no type is left out. */
  readonly types: ReadonlySet<string> | undefined
  readonly via: AuthorizationPath
  /** The rights on attributes; undefined if every attribute may be read and written. */
  readonly rights: Rights | undefined
  /** True for the PATCH that completes a create. */
  readonly isCompletion?: true
}

/** An operation that may be carried out. A copy with another body or another id in it stays permitted. */
export type Permitted<Asked extends Operation> = Asked & { readonly [permission]: Permission }

/**
 * The operation, if the caller may carry it out. Throws 404 for a type that does not exist, 405 for an operation that
 * the type does not offer, and 403 (or the error that the host threw) for a refused operation. Neither the store nor
 * the body has been read then.
 */
export function permit<Asked extends Operation>(
  call: Call,
  operation: Asked,
  via: AuthorizationPath = 'direct',
): MaybePromise<Permitted<Asked>> {
  const request = requestFor(call.engine, operation, via)
  // Without an authorizer there is no wait, and a read costs a few microseconds in all.
  if (call.engine.authorize === undefined) return { ...operation, [permission]: everyType[via] }
  return decided(call, operation, request, via)
}

const everyType: Readonly<Record<AuthorizationPath, Permission>> = {
  direct: { types: undefined, via: 'direct', rights: undefined },
  bulk: { types: undefined, via: 'bulk', rights: undefined },
  me: { types: undefined, via: 'me', rights: undefined },
  root: { types: undefined, via: 'root', rights: undefined },
}

function decided<Asked extends Operation>(
  call: Call,
  operation: Asked,
  request: AuthorizationRequest | 'each type',
  via: AuthorizationPath,
): MaybePromise<Permitted<Asked>> {
  if (request === 'each type') {
    return typesPermitted(call).then((types) => ({ ...operation, [permission]: { ...types, via } }))
  }
  const decision = decisionOn(call.engine.authorize, request, call.context)
  const within = (made: AuthorizationDecision): Permitted<Asked> =>
    permittedBy(made, call, operation, request.type, via)
  return decision instanceof Promise ? decision.then(within) : within(decision)
}

function permittedBy<Asked extends Operation>(
  decision: AuthorizationDecision,
  { engine }: Call,
  operation: Asked,
  type: string | undefined,
  via: AuthorizationPath,
): Permitted<Asked> {
  if (decision.kind === 'refuse') throw refusalError(decision)
  const rights = rightsIn(engine, type, decision)
  if (rights === undefined) return { ...operation, [permission]: everyType[via] }
  return { ...withKnownVersions(operation, rights), [permission]: { types: undefined, via, rights } }
}

// A caller that sees tags without digests knows no others, so no others hold: a condition with a guessed digest would
// confirm the guess.
function withKnownVersions<Asked extends Operation>(operation: Asked, rights: Rights): Asked {
  const hides = [...rights.values()].some(({ unreadable }) => unreadable !== undefined)
  if (!hides || !('precondition' in operation) || operation.precondition === undefined) return operation
  return { ...operation, precondition: withoutDigests(operation.precondition) }
}

/**
 * The call in which a permitted operation is carried out: its resource types have the rights of the caller. The same
 * call if there are no limits on attributes.
 */
export function callWithin(call: Call, operation: Permitted<Operation>): Call {
  const { rights } = operation[permission]
  if (rights === undefined) return call
  return { ...call, engine: { ...call.engine, types: new Map([...call.engine.types, ...rights]) } }
}

/**
 * The PATCH that completes a create of a bulk request: it adds the references that the create was sent with. So it is
 * part of that create and permitted with it; the client has sent no PATCH that the authorizer could decide about.
 */
export function completing(create: Permitted<BulkCreate>, patch: BulkPatch): Permitted<BulkPatch> {
  return { ...patch, [permission]: { ...create[permission], isCompletion: true } }
}

/** True for the PATCH that completes a create. */
export function isCompletion(operation: Permitted<Operation>): boolean {
  return operation[permission].isCompletion === true
}

/** How a permitted operation was requested: a further decision that it needs has the same path. */
export function requestedVia(operation: Permitted<Operation>): AuthorizationPath {
  return operation[permission].via
}

/** The types that a list at the root may show; undefined if no type is left out. */
export function typesShown(operation: Permitted<QueryOperation>): ReadonlySet<string> | undefined {
  return operation[permission].types
}

// A kind that is added to Operation does not compile until this function defines the request to the host for it.
function requestFor(engine: Engine, operation: Operation, via: AuthorizationPath): AuthorizationRequest | 'each type' {
  const { kind } = operation
  switch (kind) {
    case 'create':
      checkOffered(findType(engine, operation.type), kind)
      return { kind, type: operation.type, id: undefined, via }
    case 'get':
    case 'replace':
    case 'patch':
    case 'remove': {
      const { type, id } = operation.ref
      checkOffered(findType(engine, type), kind)
      return { kind, type, id, via }
    }
    case 'query':
      if (operation.type === undefined) return 'each type'
      findType(engine, operation.type)
      return { kind, type: operation.type, id: undefined, via }
    case 'discover':
      return { kind, endpoint: operation.endpoint, type: undefined, id: operation.id, via }
    case 'me':
      return { kind, operation: operation.operation.kind, type: undefined, id: undefined, via }
    case 'bulk':
      return { kind, type: undefined, id: undefined, via }
  }
}

// RFC 7644 §3.4.2.1: a search at the root is one of every type. It leaves out the types that the caller may not search.
// If that is all of them it is refused: an empty list would say that there are no resources.
async function typesPermitted(call: Call): Promise<Pick<Permission, 'types' | 'rights'>> {
  const shown = new Set<string>()
  const limits: Rights[] = []
  let refused: Refused | undefined
  for (const type of call.engine.types.keys()) {
    const decision = await decisionOn(
      call.engine.authorize,
      { kind: 'query', type, id: undefined, via: 'root' },
      call.context,
    )
    if (decision.kind === 'allow') {
      shown.add(type)
      const own = rightsIn(call.engine, type, decision)
      if (own !== undefined) limits.push(own)
    } else refused ??= decision
  }
  const rights = limits.length === 0 ? undefined : new Map(limits.flatMap((own) => [...own]))
  if (refused === undefined) return { types: undefined, rights }
  if (shown.size === 0) throw refusalError(refused)
  return { types: shown, rights }
}
