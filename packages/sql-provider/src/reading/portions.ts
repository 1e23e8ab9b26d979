import type { Driver, Row, Statement } from '../driver/driver.js'
import { yieldToEventLoop } from '../driver/event-loop-yield.js'
import type { Turns } from '../driver/turns.js'
import { type PaceOptions, paceOf } from './pace.js'

// A read by id does not wait for lists; it yields to other requests after each portion.
const atOnce: Turns = {
  async take(work) {
    try {
      return await work()
    } finally {
      await yieldToEventLoop()
    }
  },
}

/** Reads many rows, a portion of them with each statement, with pauses. Throws a StoreFailure. */
export async function* portions(
  { read, lists }: Driver,
  rows: readonly number[],
  options: PaceOptions,
  statement: (part: readonly number[]) => Statement,
): AsyncGenerator<readonly Row[]> {
  const pace = paceOf({ ...lists, turns: atOnce }, undefined, options)
  for (let at = 0; at < rows.length; ) {
    const portion = await pace.portion(async (size) => {
      const part = rows.slice(at, at + size)
      const [found = []] = await read([statement(part)])
      return { rows: part.length, isLast: false, result: found }
    })
    at += portion.rows
    yield portion.result
  }
}
