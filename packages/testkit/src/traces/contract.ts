import type { ContractCase } from '../bind.js'
import type { Exchange } from '../exchange.js'
import type { LoadedTrace } from './load.js'
import { type RunTraceOptions, runTrace } from './run.js'

/** Traces against one server as cases for `bind`. Omit traces with a `compat` switch that the server has not enabled. */
export function traceContract(
  traces: readonly LoadedTrace[],
  exchange: Exchange,
  options: RunTraceOptions = {},
): readonly ContractCase[] {
  return traces.map((trace) => ({
    id: trace.id,
    title: `${trace.client}: ${trace.name}`,
    level: trace.compat === undefined ? 'MUST' : 'SHOULD',
    citation: trace.cites?.join('; ') ?? trace.source,
    run: async () => {
      const result = await runTrace(trace, exchange, options)
      if (!result.ok) throw new Error(result.why)
    },
  }))
}
