import type { ContractCase } from '../bind.js'
import { type LinearizabilityOptions, linearizability } from './linearizability.js'

const mostShown = 3

/**
 * Linearizability as a case for `bind`: all responses about a resource or a name are possible in some sequential order.
 * An undecided search fails as well.
 */
export function linearizabilityContract(options: LinearizabilityOptions): readonly ContractCase[] {
  return [
    {
      id: 'linearizable',
      title: `${options.clients ?? 16} clients, ${options.servers.length} servers: each resource and name is one register`,
      level: 'MUST',
      citation: 'RFC 7644 §3.14; RFC 9110 §13.1; REL-1',
      run: async () => {
        const { seed, operations, violations, undecided } = await linearizability(options)
        const found = [...violations, ...undecided]
        if (found.length === 0) return
        throw new Error(
          [
            `seed ${seed}, ${operations} operations: ${violations.length} violations, ${undecided.length} undecided`,
            ...found.slice(0, mostShown),
          ].join('\n\n'),
        )
      },
    },
  ]
}
