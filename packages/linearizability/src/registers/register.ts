/**
 * The sequential specification: a register that is absent, or present with a tag and a value. A resource is a register
 * (its tag is the ETag), and so is a unique name (its tag is the id of its resource).
 *
 * Each operation of a history becomes a claim about the register: the state required at the moment when the operation
 * took effect, and the state after it.
 * @see RFC 9110 §13.1.1, §13.1.2; RFC 7644 §3.14
 */
import { type Change, changed, type Value } from '../history/value.js'

/** The state of the register. An undefined tag is one that no response showed. */
export type RegisterState =
  | { readonly kind: 'absent' }
  /** Absent, and never present again. */
  | { readonly kind: 'gone' }
  | { readonly kind: 'present'; readonly tag: string | undefined; readonly value: Value }

/** The claim of one operation about the register. */
export type Claim =
  /** 200, 304, and a 412 that names the tag: this tag was current, with this value if one was shown. */
  | {
      readonly kind: 'shows'
      readonly tag: string
      readonly value: Value | undefined
      /** A tag with which the response would have been different. */
      readonly unlike: string | undefined
    }
  /** A 412 without a tag: another tag was current. */
  | { readonly kind: 'differs'; readonly unlike: string }
  /** 409: the name was taken. */
  | { readonly kind: 'present' }
  /** 404: the resource did not exist. */
  | { readonly kind: 'absent' }
  /** 201. The tag is undefined if there was no response. */
  | { readonly kind: 'creates'; readonly tag: string | undefined; readonly value: Value }
  /** A PUT or PATCH that took effect; or one with an unknown outcome, with undefined tag and value. */
  | {
      readonly kind: 'writes'
      readonly expected: string | undefined
      readonly unlike: string | undefined
      readonly change: Change
      readonly tag: string | undefined
      readonly value: Value | undefined
    }
  | { readonly kind: 'removes'; readonly expected: string | undefined; readonly unlike: string | undefined }
  /** A response that is invalid in every state. */
  | { readonly kind: 'impossible'; readonly why: string }

/** The initial state of a register. */
export const absent: RegisterState = { kind: 'absent' }

/** The final state of a register that can be created only once. */
export const gone: RegisterState = { kind: 'gone' }

/**
 * The state after an operation; the same object if nothing changes, undefined if the claim is false in this state. Does
 * not check that a new tag is unused: that depends on the whole history, not on one state.
 */
export function after(state: RegisterState, claim: Claim, removed: RegisterState): RegisterState | undefined {
  switch (claim.kind) {
    case 'absent':
      return state.kind === 'present' ? undefined : state
    case 'present':
      return state.kind === 'present' ? state : undefined
    case 'creates':
      return state.kind === 'absent' ? { kind: 'present', tag: claim.tag, value: claim.value } : undefined
    case 'impossible':
      return undefined
    case 'shows': {
      if (state.kind !== 'present' || state.tag !== claim.tag || claim.unlike === claim.tag) return undefined
      return claim.value === undefined || claim.value.key === state.value.key ? state : undefined
    }
    case 'differs':
      return state.kind === 'present' && state.tag !== claim.unlike ? state : undefined
    case 'removes':
      return admits(state, claim) ? removed : undefined
    case 'writes': {
      if (state.kind !== 'present' || !admits(state, claim)) return undefined
      const value = changed(state.value, claim.change)
      if (claim.value !== undefined && claim.value.key !== value.key) return undefined
      if (claim.tag === undefined || claim.tag !== state.tag) return { kind: 'present', tag: claim.tag, value }
      // An unchanged tag is valid only if the write changed nothing.
      return value.key === state.value.key ? state : undefined
    }
  }
}

function admits(
  state: RegisterState,
  { expected, unlike }: { readonly expected: string | undefined; readonly unlike: string | undefined },
): boolean {
  if (state.kind !== 'present') return false
  if (expected !== undefined && expected !== state.tag) return false
  return unlike === undefined || unlike !== state.tag
}
