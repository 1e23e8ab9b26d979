/** An agent without a model: it reads, thinks, and writes, and after a conflict it does what the result says. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { ToolAnswer, ToolClient } from './tool-client.js'

/** What one agent has done. */
export interface Tally {
  written: number
  conflicts: number
  merged: number
}

/** The outcome of one task: the value that the agent has written, and the version that it made. */
export interface Done {
  readonly id: string
  readonly value: string
  readonly version: string
}

/** Called for each result of a tool that writes. */
export type Seen = (tool: string, given: Readonly<Record<string, unknown>>, answer: ToolAnswer) => void

/**
 * Writes `value` to the attribute of a person. Every second time it merges: a change of another attribute by another
 * writer then needs no second thought.
 */
export async function work(
  tools: ToolClient,
  task: { readonly id: string; readonly path: string; readonly value: string; readonly thinking: number },
  tally: Tally,
  seen: Seen,
): Promise<Done> {
  const { id, path, value, thinking } = task
  const operations = [{ op: 'replace', path, value }]
  let read = await tools.call('get_user', { id })
  for (;;) {
    await sleep(thinking)
    const expectedVersion = read.version ?? read.currentVersion
    const isMerge = tally.written % 2 === 1
    const tool = isMerge ? 'merge_user' : 'patch_user'
    const given = { id, expectedVersion, operations, ...(isMerge && { base: read.resource }) }
    const answer = await tools.call(tool, given)
    seen(tool, given, answer)
    switch (answer.outcome) {
      case 'success':
        tally.written += 1
        if (isMerge) tally.merged += 1
        return { id, value, version: answer.version ?? '' }
      case 'conflict':
      case 'mergeConflict':
        // Nothing was written. The result has the current state, so the next thought begins with it.
        tally.conflicts += 1
        read = answer
        break
      case 'error':
        throw new Error(`${tool}: ${answer.detail}`)
    }
  }
}
