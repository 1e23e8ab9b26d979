import type { Waiver } from '@scimkit/testkit'

/** The cases that fail in workerd whatever the Worker does. */
export const workerdWaivers: readonly Waiver[] = ['host-garbage-400', 'host-name-400'].map((id) => ({
  id,
  reason: 'workerd itself answers 500; no Worker sees such a request',
}))
