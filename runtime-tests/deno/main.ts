import { play } from '../contract.js'
import { inProcess } from '../in-process.js'

await play(inProcess('Deno', 'Deno' in globalThis, 'WebCrypto'))
