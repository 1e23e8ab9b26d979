import { bindAdapter } from '../../../testkit/test/support/bind-adapter.js'
import { frameworks } from '../../../testkit/test/support/frameworks.js'
import { start } from '../../../testkit/test/support/start.js'

for (const name of ['Koa 3', 'Koa 2'] as const) {
  const listener = await frameworks[name]()
  await bindAdapter(name, (options) => start(listener(options)).exchange)
}
