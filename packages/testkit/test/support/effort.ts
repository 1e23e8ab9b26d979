import { randomInt } from 'node:crypto'
import type { Effort } from '@scimkit/testkit'

/** The length of tests: `pnpm prove` sets `SCIMKIT_EFFORT=full`. */
export const effort: Effort = process.env.SCIMKIT_EFFORT === 'full' ? 'full' : 'short'

/** The seed of random tests: `SCIMKIT_SEED`, to reproduce a failure, or a new one. */
export const seed: number = Number(process.env.SCIMKIT_SEED ?? randomInt(2 ** 31))
