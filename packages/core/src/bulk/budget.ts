import type { Engine } from '../engine/engine.js'
import { elementCost } from '../patch/cost.js'
import { workCounter } from '../patch/patching.js'
import type { Stored } from '../provider/provider.js'

/**
 * An engine whose operations share one budget (`limits.bulkWork`): the data that they read, and the values that their
 * PATCHes process. A small request may name a thousand large resources; together they cost no more than a few large
 * requests. An operation that starts when the budget is used up, or uses it up, throws 400 tooMany before it writes.
 */
export function withBudget(engine: Engine): Engine {
  const { provider, limits } = engine
  const work = workCounter(limits.bulkWork)
  return {
    ...engine,
    sharedWork: work,
    provider: {
      ...provider,
      read: async (ref, needs, context) => {
        const stored = await provider.read(ref, needs, context)
        if (stored !== undefined) work(costOf(stored))
        return stored
      },
    },
  }
}

function costOf(stored: Stored): number {
  const text = 'json' in stored ? stored.json.length : 0
  return text + elementCost * (stored.members?.length ?? 0)
}
