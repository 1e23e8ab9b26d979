/** The most expensive lists in memory. */
import { memoryProvider } from '@scimkit/memory-provider'
import { proveEventLoop } from '../../../testkit/test/support/event-loop-prove.js'

proveEventLoop('memory', memoryProvider(), async () => undefined)
