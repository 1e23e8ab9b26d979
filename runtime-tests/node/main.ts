import { play } from '../contract.js'
import { inProcess } from '../in-process.js'

await play(inProcess('Node', !('Bun' in globalThis) && !('Deno' in globalThis), 'node:crypto'))
