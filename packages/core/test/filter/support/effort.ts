import type fc from 'fast-check'

/**
 * The number of runs: `full` with SCIMKIT_EFFORT=full, twenty times as many as usual; SCIMKIT_SEED repeats one run. A
 * failing property prints its seed.
 */
export function effort(runs: number, full: number = runs * 20): fc.Parameters<unknown> {
  const seed = Number(process.env.SCIMKIT_SEED ?? Math.floor(Math.random() * 0x7fffffff))
  return { numRuns: process.env.SCIMKIT_EFFORT === 'full' ? full : runs, seed }
}

/** Processor time of this process: unlike a clock it excludes the time that a busy machine gives to other processes. */
export function cpuMilliseconds(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}
