import type { WaitUntil } from '@scimkit/core'
import { memberOf } from './member-of.js'

/** `waitUntil` of the context that a platform passes with a request, such as the third argument of Workers; undefined without one. */
export function waitUntilOf(context: unknown): WaitUntil | undefined {
  const waitUntil = memberOf(context, 'waitUntil')
  // Workers rejects a call of the method without its object as `this`.
  return typeof waitUntil === 'function' ? (promise) => void Reflect.apply(waitUntil, context, [promise]) : undefined
}
