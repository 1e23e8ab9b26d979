/** The most expensive lists in SQLite, which blocks the process during a statement. */
import { proveEventLoop } from '../../../testkit/test/support/event-loop-prove.js'
import { sqliteProvider } from '../../src/sqlite.js'

const provider = sqliteProvider(':memory:')
proveEventLoop('SQLite', provider, async () => provider.close())
