/** A Worker as its users would write it: a Hono app, and SCIM below a path. Here once for each setup. */
import { platformPorts } from '@scimkit/core'
import { scimApp } from '@scimkit/hono-adapter'
import { Hono } from 'hono'
import { optionsOf, setups } from '../setups.js'

declare const navigator: { readonly userAgent: string }

const app = new Hono()
for (const setup of setups) app.route(`/${setup}/scim/v2`, scimApp(optionsOf(setup)))
app.get('/itself', (c) =>
  c.json({ userAgent: navigator.userAgent, webCrypto: platformPorts.digest('') instanceof Promise }),
)

// biome-ignore lint/style/noDefaultExport: it is how a Worker is found
export default app
