import type { Level } from '../bind.js'
import type { Client } from './client.js'
import type { WireMode } from './target.js'

/** One promise about what goes over the wire. It makes what it needs, and looks at nothing else. */
export interface WireCase {
  /** Stable and unique; what waivers name. */
  readonly id: string
  readonly title: string
  readonly level: Level
  readonly citation: string
  /** The servers it asks beside the default one; it is left out where one is missing. */
  readonly needs: readonly WireMode[]
  /** `client` asks the first server needed, else the default one; `ask` gives a client for any of them. */
  readonly run: (client: Client, ask: (mode: 'exchange' | WireMode) => Client) => Promise<void>
}

type MakeCase = (id: string, title: string, citation: string, run: WireCase['run']) => WireCase

/** A case that the RFCs demand: MUST, SHALL, REQUIRED. */
export const must: MakeCase = (id, title, citation, run) => ({ id, title, level: 'MUST', citation, needs: [], run })

/** A case that the RFCs recommend or leave open, and this project has decided. */
export const should: MakeCase = (id, title, citation, run) => ({ id, title, level: 'SHOULD', citation, needs: [], run })

/** The same cases, asked of a server set up in another way. */
export function on(mode: WireMode, cases: readonly WireCase[]): readonly WireCase[] {
  return cases.map((one) => ({ ...one, needs: [mode, ...one.needs] }))
}
