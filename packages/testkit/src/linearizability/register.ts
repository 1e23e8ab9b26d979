/**
 * The sequential specification: a register that is absent, or present with a tag and a value. A resource is one (its
 * tag is the ETag), and so is a unique name (its tag is the id of whoever has it).
 *
 * An operation of a history is put as a claim about the register: what must have been so in the one moment in which
 * the operation took effect, and what was so afterwards.
 * @see RFC 9110 §13.1.1, §13.1.2; RFC 7644 §3.14
 */
import { type Change, changed, type Value } from './value.js'

/** What the register holds. A tag that is undefined is one that no operation has seen. */
export type RegisterState =
  | { readonly kind: 'absent' }
  /** Absent, and never to be present again. */
  | { readonly kind: 'gone' }
  | { readonly kind: 'present'; readonly tag: string | undefined; readonly value: Value }

/** What one operation says about the register. */
export type Claim =
  /** 200, 304, and a 412 that names the tag: this tag stood there, with this value if one was shown. */
  | {
      readonly kind: 'shows'
      readonly tag: string
      readonly value: Value | undefined
      /** A tag with which the answer would have been another one. */
      readonly unlike: string | undefined
    }
  /** A 412 without a tag: something else stood there. */
  | { readonly kind: 'differs'; readonly unlike: string }
  /** 409: the name was taken. */
  | { readonly kind: 'present' }
  /** 404: nothing was there. */
  | { readonly kind: 'absent' }
  /** 201. The tag is undefined if there was no answer. */
  | { readonly kind: 'creates'; readonly tag: string | undefined; readonly value: Value }
  /** A PUT or PATCH that was carried out, or may have been: then tag and value are undefined. */
  | {
      readonly kind: 'writes'
      readonly expected: string | undefined
      readonly unlike: string | undefined
      readonly change: Change
      readonly tag: string | undefined
      readonly value: Value | undefined
    }
  | { readonly kind: 'removes'; readonly expected: string | undefined; readonly unlike: string | undefined }
  /** An answer that nothing explains. */
  | { readonly kind: 'impossible'; readonly why: string }

/** How a register begins. */
export const absent: RegisterState = { kind: 'absent' }

/** How a register ends that is made once. */
export const gone: RegisterState = { kind: 'gone' }

/**
 * The state after an operation; the very same object if nothing changes, undefined if the claim is not true in this
 * state. Whether a new tag is really new is not asked here: that is about the whole past, not about one state.
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
      // The tag that was there already is lawful only if the write changed nothing.
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
