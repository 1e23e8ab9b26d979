/** The platform functions of this package. They are parameters, so that tests can run everything from a seed. */
import { type Ports, platformPorts } from '@scimkit/core'

/** The ports of the core that are needed here, and a clock that no change of the system time moves. */
export interface ConnectionPorts extends Pick<Ports, 'now' | 'random' | 'randomBytes' | 'digest' | 'sleep'> {
  /** Milliseconds since some moment; it never goes back. */
  readonly elapsed: () => number
}

/** The ports of the current platform. */
export const connectionPorts: ConnectionPorts = {
  now: platformPorts.now,
  random: platformPorts.random,
  randomBytes: platformPorts.randomBytes,
  digest: platformPorts.digest,
  sleep: platformPorts.sleep,
  elapsed: () => performance.now(),
}
