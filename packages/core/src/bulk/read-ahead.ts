/**
 * Reads ahead for a bulk request: the resources that its next operations change, passed to a provider that can read
 * them all in one call. The result may be out of date when its turn comes, so an operation uses it for the first
 * attempt of its compare-and-swap only; see `commit`.
 */
import type { Call } from '../engine/call.js'
import { queueKey } from '../engine/engine.js'
import type { ResourceRef } from '../resource/ref.js'

/** The resources that have been read ahead. */
export interface Ahead {
  /** Reads ahead if the next operation is about this resource and it has not been announced to the provider. */
  prepare(ref: ResourceRef): Promise<void>
  /** True, once, for a resource that has been announced and not been used since. */
  take(ref: ResourceRef): boolean
}

// Few enough for memory, and few enough not to be out of date for long.
const atOnce = 100

/** Reads ahead through these resources, which are in the order of the operations. */
export function aheadOf(call: Call, refs: readonly ResourceRef[]): Ahead {
  const { provider } = call.engine
  const keyOf = ({ type, id }: ResourceRef): string => queueKey(call.context.tenant, type, id)
  const left = new Map(refs.map((ref) => [keyOf(ref), ref]))
  let announced = new Set<string>()
  return {
    async prepare(ref) {
      if (provider.willRead === undefined || !left.has(keyOf(ref))) return
      const next: ResourceRef[] = []
      announced = new Set()
      for (const [key, one] of left) {
        if (next.length === atOnce) break
        next.push(one)
        announced.add(key)
        left.delete(key)
      }
      if (next.length < 2) {
        announced.clear()
        return
      }
      try {
        await provider.willRead(next, call.context)
      } catch {
        // Each operation then reads for itself, and reports its own error.
        announced.clear()
      }
    },
    take: (ref) => announced.delete(keyOf(ref)),
  }
}
