/** Asks the host for its decision about an operation, and checks the result. */
import type { ScimContext } from '../context.js'
import { ScimError } from '../errors.js'
import { isThenable } from '../is-thenable.js'
import type { MaybePromise } from '../provider/provider.js'
import {
  type AttributeMask,
  type AuthorizationDecision,
  type AuthorizationRequest,
  type Authorizer,
  allow,
  allowOnly,
  type Refused,
  refuse,
} from './authorize.js'

/**
 * The host's decision; `allow` for a host without an authorizer. Throws, or rejects with, the error that ends the
 * operation without a decision. A promise only if the authorizer returned one.
 */
export function decisionOn(
  authorize: Authorizer | undefined,
  request: AuthorizationRequest,
  context: ScimContext,
): MaybePromise<AuthorizationDecision> {
  if (authorize === undefined) return allow
  const answer = answerOf(authorize, request, context)
  return answer instanceof Promise ? answer.then(checkedDecision) : checkedDecision(answer)
}

function checkedDecision(answer: unknown): AuthorizationDecision {
  const decision = decisionIn(answer)
  if (decision !== undefined) return decision
  throw undecided(new TypeError('options.authorize: expected `allow` or `refuse(detail?)` as the result'))
}

/** The error of a refused operation. It is the same whether or not the resource exists: nothing has been read. */
export function refusalError({ detail = 'This operation is not permitted.', challenge }: Refused): ScimError {
  return new ScimError(403, detail, challenge === undefined ? {} : { headers: { 'WWW-Authenticate': challenge } })
}

function answerOf(authorize: Authorizer, request: AuthorizationRequest, context: ScimContext): unknown {
  try {
    const answer: unknown = authorize(request, context)
    return isThenable(answer) ? Promise.resolve(answer).catch(answerToError) : answer
  } catch (error) {
    return answerToError(error)
  }
}

function answerToError(error: unknown): Refused {
  if (!(error instanceof ScimError)) throw undecided(error)
  if (error.status === 403) return refuse(error.message)
  // A status of success would acknowledge an operation that was not done.
  throw error.status < 400 ? undecided(error) : error
}

/** The error of a host that has not decided: it is reported to the host, and the client learns that nothing was done. */
export function undecided(cause: unknown): ScimError {
  return new ScimError(500, 'The server failed to decide whether this is permitted; nothing was done.', { cause })
}

const known: ReadonlySet<string | symbol> = new Set(['kind', 'detail', 'challenge', 'readable', 'writable'])

// Exactly the objects of `allow`, `allowOnly` and `refuse`. A result with further members, own or inherited, means a
// condition that is not enforced, so it permits nothing. Each member is read once: a result may have getters.
function decisionIn(answer: unknown): AuthorizationDecision | undefined {
  // The frozen object itself, the usual answer.
  if (answer === allow) return allow
  if (typeof answer !== 'object' || answer === null) return undefined
  const prototype: unknown = Object.getPrototypeOf(answer)
  const isPlain = prototype === Object.prototype || prototype === null
  const names = Reflect.ownKeys(answer)
  if (!isPlain || names.some((name) => !known.has(name))) return undefined
  const { kind, detail, challenge, readable, writable } = answer as Readonly<Record<string, unknown>>
  const [hasReadable, hasWritable] = [names.includes('readable'), names.includes('writable')]
  if (kind === 'allow') {
    if (names.includes('detail') || names.includes('challenge')) return undefined
    // A mask that is undefined is one that the host has not found: it must not permit every attribute. The content of
    // masks is checked where the resource type is known.
    if ((hasReadable && readable === undefined) || (hasWritable && writable === undefined)) return undefined
    if (!hasReadable && !hasWritable) return allow
    return allowOnly({
      ...(hasReadable && { readable: readable as AttributeMask }),
      ...(hasWritable && { writable: writable as AttributeMask }),
    })
  }
  if (kind !== 'refuse' || hasReadable || hasWritable || !isOptionalText(detail)) return undefined
  if (!isOptionalText(challenge) || (challenge !== undefined && !isFieldValue(challenge))) return undefined
  return refuse(detail, challenge)
}

function isOptionalText(value: unknown): value is string | undefined {
  return value === undefined || typeof value === 'string'
}

function isFieldValue(text: string): boolean {
  return text !== '' && [...text].every((character) => character >= ' ' && character <= '~')
}
