/** One target in a thread: it writes the number of each case where the main thread can read it. */
import { parentPort, workerData } from 'node:worker_threads'
import { fuzz } from './engine.mjs'

const { name, seed, cases, milliseconds, state } = workerData
const { target } = await import(`./targets/${name}.mjs`)
const result = await fuzz(target, {
  seed,
  ...(cases !== undefined && { cases }),
  ...(milliseconds !== undefined && { milliseconds }),
  onCase: (number) => Atomics.store(state, 0, number),
  onFinding: () => Atomics.add(state, 1, 1),
})
parentPort.postMessage(result)
