import type fc from 'fast-check'

/** 100,000 cases with SCIMKIT_EFFORT=full; SCIMKIT_SEED repeats a run. A failing property prints its seed. */
export function cases(short = 1_000): fc.Parameters<unknown> {
  const seed = Number(process.env.SCIMKIT_SEED ?? Math.floor(Math.random() * 0x7fffffff))
  return { numRuns: process.env.SCIMKIT_EFFORT === 'full' ? 100_000 : short, seed }
}
