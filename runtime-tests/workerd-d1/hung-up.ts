import { waitUntil } from 'cloudflare:workers'
import type { ScimEvent, ScimOptions } from '@scimkit/core'
import { scimApp } from '@scimkit/hono-adapter'
import { d1Provider } from '@scimkit/sql-provider/d1'
import { Hono } from 'hono'
import { optionsOf } from '../setups.js'
import type { Env } from './databases.js'
import { slowDatabase } from './slow-database.js'

/** The results of the asynchronous listeners of this isolate. */
export interface Heard {
  /** Number of write events whose listener has ended. */
  readonly writes: number
  /** The errors that `onError` received. */
  readonly failures: readonly string[]
}

type HungUp = 'hungUp' | 'hungUpImported' | 'hungUpAlone'

/** The duration of a listener. The response is sent long before its end. */
const milliseconds = 200

let writes = 0
const failures: string[] = []

async function onEvent(event: ScimEvent): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, milliseconds))
  if (event.kind !== 'write') return
  if (event.requestId.startsWith('reject')) throw new Error(`the sink refuses ${event.requestId}`)
  writes += 1
}

const options = (database: HungUp): ScimOptions<Env> => ({
  ...optionsOf('exchange', (env: Env) => d1Provider(slowDatabase(env[database]))),
  onEvent,
  onError: (error) => failures.push(error instanceof Error ? error.message : String(error)),
})

const fewPlaces = { inFlight: 2, waitingMilliseconds: 500, inFlightMilliseconds: 2_000 }

/**
 * Servers whose clients hang up: `/hungUp/scim/v2` has an execution context, `/hungUpImported/scim/v2` the function of
 * `cloudflare:workers`, `/hungUpAlone/scim/v2` neither. `/heard` returns the results of their listeners.
 */
export const hungUp: Hono<{ Bindings: Env }> = new Hono<{ Bindings: Env }>()
  .get('/heard', (c) => c.json({ writes, failures } satisfies Heard))
  .route(pathOf('hungUp'), scimApp(options('hungUp')))
  .route('/', withoutContext(pathOf('hungUpImported'), scimApp({ ...options('hungUpImported'), waitUntil })))
  .route('/', withoutContext(pathOf('hungUpAlone'), scimApp({ ...options('hungUpAlone'), limits: fewPlaces })))

function pathOf(database: HungUp): string {
  return `/${database}/scim/v2`
}

/** The app at a path, on a host that passes no execution context: there an abandoned request is cancelled. */
export function withoutContext(path: string, app: Hono): Hono<{ Bindings: Env }> {
  const mounted = new Hono().route(path, app)
  return new Hono<{ Bindings: Env }>().all(`${path}/*`, (c) => mounted.fetch(c.req.raw, c.env))
}
