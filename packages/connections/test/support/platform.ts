/** A clock of the test, and connections that use it. */
import type { Access, AuthenticationRequest } from '@scimkit/core'
import { connectionPorts } from '../../src/ports.js'
import { type ConnectionsOptions, scimConnections } from '../../src/scim-connections/scim-connections.js'
import { type MapRecords, mapRecords } from './map-records.js'

export interface Clock {
  now: number
  pass(milliseconds: number): void
}

export function clockAt(now: number = Date.parse('2026-01-01T00:00:00.000Z')): Clock {
  const clock: Clock = {
    now,
    pass: (milliseconds) => {
      clock.now += milliseconds
    },
  }
  return clock
}

export const portsOf = (clock: Clock) => ({
  ...connectionPorts,
  now: () => clock.now,
  elapsed: () => clock.now,
  sleep: () => new Promise<void>((resolve) => setImmediate(resolve)),
})

export interface Served {
  readonly store: MapRecords
  readonly clock: Clock
  readonly rejections: (readonly [string, object])[]
  readonly errors: unknown[]
  readonly connections: ReturnType<typeof scimConnections>
  /** The access of a caller with this token; undefined if it is refused. */
  accessWith(token: string, parameters?: Readonly<Record<string, string>>): Promise<Access | undefined>
}

/** Connections with a store, a clock, and notes of its refusals. */
export function serveConnections(
  options: Partial<ConnectionsOptions> & { store?: MapRecords; clock?: Clock } = {},
): Served {
  const { clock = clockAt(), store = mapRecords(), ...rest } = options
  const rejections: (readonly [string, object])[] = []
  const errors: unknown[] = []
  const connections = scimConnections({
    ports: portsOf(clock),
    onRejected: (reason, about) => rejections.push([reason, about]),
    onError: (error) => errors.push(error),
    ...rest,
    store,
  })
  const accessWith: Served['accessWith'] = async (token, parameters) =>
    connections.authenticate(requestWith(`Bearer ${token}`, parameters), undefined)
  return { store, clock, rejections, errors, connections, accessWith }
}

export function requestWith(
  authorization: string | undefined,
  mountParameters?: Readonly<Record<string, string>>,
): AuthenticationRequest {
  return {
    method: 'GET',
    target: '/scim/v2/Users',
    mountParameters,
    header: (name) => (name === 'authorization' ? authorization : undefined),
  }
}

/** Lets all promises settle that need no timer. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve))
}

/** The text of a credential that was just created. */
export function textOf(issued: { readonly text: string } | undefined): string {
  if (issued === undefined) throw new Error('no credential was issued')
  return issued.text
}
