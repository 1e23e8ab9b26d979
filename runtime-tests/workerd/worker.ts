/** A Worker as its users would write it: a Hono app, and SCIM below a path. Here once for each setup. */
import { platformPorts } from '@scimkit/core'
import { scimApp } from '@scimkit/hono-adapter'
import { Hono } from 'hono'
import { runInProcess } from '../../packages/connections/test/contract/in-process-world.js'
import { oauthCases } from '../../packages/connections/test/contract/oauth-contract.js'
import type { OAuthCase } from '../../packages/connections/test/contract/world.js'
import { optionsOf, setups } from '../setups.js'
import { casesInside } from '../workerd-d1/cases-inside.js'

declare const navigator: { readonly userAgent: string }

const app = new Hono()
for (const setup of setups) app.route(`/${setup}/scim/v2`, scimApp(optionsOf(setup)))
const ofRules = ({ id, title, rules }: OAuthCase) => ({ id, title, level: 'MUST', citation: rules.join(', ') }) as const
app.route(
  '/oauth',
  casesInside(() => oauthCases.map((one) => ({ ...ofRules(one), run: () => runInProcess(one) }))),
)
app.get('/itself', (c) =>
  c.json({ userAgent: navigator.userAgent, webCrypto: platformPorts.digest('') instanceof Promise }),
)

// biome-ignore lint/style/noDefaultExport: it is how a Worker is found
export default app
