import { play } from '../contract.js'
import { inProcess } from '../in-process.js'

await play(inProcess('Bun', 'Bun' in globalThis, 'WebCrypto'))
