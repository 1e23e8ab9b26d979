import { randomInt } from 'node:crypto'
import type { Effort } from '@scimkit/testkit'

/** How much to try: `SCIMKIT_EFFORT=full` is what `pnpm prove` sets. */
export const effort: Effort = process.env.SCIMKIT_EFFORT === 'full' ? 'full' : 'short'

/** The seed of random tests: `SCIMKIT_SEED`, to see a failure again, or a new one. */
export const seed: number = Number(process.env.SCIMKIT_SEED ?? randomInt(2 ** 31))
