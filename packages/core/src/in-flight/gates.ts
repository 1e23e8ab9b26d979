import { scimError } from '../errors.js'
import type { Limits } from '../limits.js'
import type { Ports } from '../ports.js'
import { fairGate, type Gate } from './gate.js'

/** The bounds on work in flight of one server. Each `createScim` has its own. */
export interface Gates {
  /** Requests whose caller is not known yet; all have one key. */
  readonly authentication: Gate
  /** Requests, by tenant. */
  readonly requests: Gate
  /** Bytes of large bodies, by tenant. */
  readonly bodies: Gate
  /** Passwords on their way to the host, by tenant. */
  readonly passwords: Gate
}

/** The gates for these limits. */
export function gatesFrom(limits: Limits, ports: Pick<Ports, 'now' | 'startTimer' | 'random'>): Gates {
  const { inFlight, tenantInFlight, waitingRequests, waitingMilliseconds, inFlightMilliseconds } = limits
  const { bodyBytesInFlight, waitingBodies, passwordsInFlight, waitingPasswords } = limits
  const gate = (capacity: number, share: number, queue: number, refuse: Refuse): Gate => {
    // Clients that are refused together should not retry together.
    const seconds = (): number => 1 + Math.floor(ports.random() * 4)
    return fairGate(
      {
        capacity,
        share: Math.min(share, capacity),
        queue,
        milliseconds: waitingMilliseconds,
        holdMilliseconds: inFlightMilliseconds,
        refuse: (reason, own) => (reason === 'gone' ? gone() : refuse(own, seconds())),
      },
      ports,
    )
  }
  return {
    authentication: gate(inFlight, inFlight, waitingRequests, (_own, seconds) => tooBusy(seconds)),
    requests: gate(inFlight, tenantInFlight, waitingRequests, (own, seconds) =>
      own ? tenantTooBusy(seconds) : tooBusy(seconds),
    ),
    bodies: gate(bodyBytesInFlight, bodyBytesInFlight, waitingBodies, (_own, seconds) =>
      scimError.overloaded('The server is reading as many large bodies as it can; nothing was done.', seconds),
    ),
    passwords: gate(passwordsInFlight, passwordsInFlight, waitingPasswords, (_own, seconds) =>
      scimError.overloaded('The server is storing as many passwords as it can; nothing was changed.', seconds),
    ),
  }
}

type Refuse = (own: boolean, seconds: number) => Error

const tooBusy = (seconds: number): Error =>
  scimError.overloaded('The server has too many requests in flight; nothing was done.', seconds)

const tenantTooBusy = (seconds: number): Error =>
  scimError.tooManyRequests('This tenant has too many requests in flight; nothing was done.', seconds)

// No client reads the response; its status is for the event.
const gone = (): Error =>
  scimError.overloaded('The client has disconnected while its request waited; nothing was done.')
