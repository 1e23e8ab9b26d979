import type { Level } from '../bind.js'
import type { Client } from './client.js'
import type { WireMode } from './target.js'

/** One requirement for the protocol on the wire. The case creates its resources, and does not use others. */
export interface WireCase {
  /** Stable and unique; waivers refer to it. */
  readonly id: string
  readonly title: string
  readonly level: Level
  readonly citation: string
  /** The servers needed in addition to the default one; the case is skipped if one is missing. */
  readonly needs: readonly WireMode[]
  /** `client` sends to the first needed server, else to the default one; `ask` returns a client for any of them. */
  readonly run: (client: Client, ask: (mode: 'exchange' | WireMode) => Client) => Promise<void>
}

type MakeCase = (id: string, title: string, citation: string, run: WireCase['run']) => WireCase

/** A case that the RFCs require: MUST, SHALL, REQUIRED. */
export const must: MakeCase = (id, title, citation, run) => ({ id, title, level: 'MUST', citation, needs: [], run })

/** A case that the RFCs recommend or leave open, and that this project decided. */
export const should: MakeCase = (id, title, citation, run) => ({ id, title, level: 'SHOULD', citation, needs: [], run })

/** The same cases for a server with another configuration. */
export function on(mode: WireMode, cases: readonly WireCase[]): readonly WireCase[] {
  return cases.map((one) => ({ ...one, needs: [mode, ...one.needs] }))
}
