import type { WaitUntil } from '@scimkit/core'
import { memberOf } from './member-of.js'

/** `waitUntil` of what a platform hands over beside a request, such as the third argument of Workers; undefined without one. */
export function waitUntilOf(context: unknown): WaitUntil | undefined {
  const waitUntil = memberOf(context, 'waitUntil')
  // Workers refuses a call of its method without its object.
  return typeof waitUntil === 'function' ? (promise) => void Reflect.apply(waitUntil, context, [promise]) : undefined
}
