import { bindAdapter } from '../../../testkit/test/support/bind-adapter.js'
import { frameworks } from '../../../testkit/test/support/frameworks.js'
import { start } from '../../../testkit/test/support/start.js'

const listener = await frameworks.Hono()
await bindAdapter('Hono', (options) => start(listener(options)).exchange)
