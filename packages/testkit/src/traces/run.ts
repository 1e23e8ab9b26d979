import type { Exchange, ExchangeRequest } from '../exchange.js'
import { check } from './check.js'
import { TraceMismatch } from './mismatch.js'
import type { Trace, TraceRequest, TraceStep } from './trace.js'
import { fill, fillPath, fillText, type Variables } from './variables.js'

/** Whether the responses meet the needs of the client. */
export type TraceResult = { readonly ok: true } | { readonly ok: false; readonly why: string }

/** Options of a run of a trace. */
export interface RunTraceOptions {
  /** Sent as a bearer token unless a step says otherwise. */
  readonly token?: string
  /** The value of `${uniq}`. Default: new for each run, so that traces can be repeated on one store. */
  readonly uniq?: string
}

/**
 * Runs one trace against a server and reports the first response that does not meet the needs of the client. Rejects only
 * for an invalid trace.
 */
export async function runTrace(
  trace: Trace,
  exchange: Exchange,
  { token, uniq = uniqueSuffix() }: RunTraceOptions = {},
): Promise<TraceResult> {
  const variables: Variables = new Map([['uniq', uniq]])
  const steps = [...(trace.setup ?? []), ...trace.steps]
  for (const [i, step] of steps.entries()) {
    try {
      await play(step, exchange, token, variables)
    } catch (error) {
      if (!(error instanceof TraceMismatch)) throw error
      const note = step.note === undefined ? '' : ` [${step.note}]`
      return { ok: false, why: `step ${i + 1}, ${step.request.method} ${step.request.path}${note}: ${error.message}` }
    }
  }
  return { ok: true }
}

async function play(
  step: TraceStep,
  exchange: Exchange,
  token: string | undefined,
  variables: Variables,
): Promise<void> {
  const request = toExchange(step.request, token, variables)
  const response = await exchange(request).catch((error: unknown) => {
    throw new TraceMismatch(`no response: ${error instanceof Error ? error.message : String(error)}`)
  })
  check(response, step.expect ?? {}, variables)
}

function toExchange(request: TraceRequest, token: string | undefined, variables: Variables): ExchangeRequest {
  const body = bodyOf(request, variables)
  const headers = new Map<string, string>([['accept', 'application/scim+json']])
  if (token !== undefined) headers.set('authorization', `Bearer ${token}`)
  if (body !== undefined) headers.set('content-type', 'application/scim+json')
  for (const [name, value] of Object.entries(request.headers ?? {})) {
    if (value === null) headers.delete(name.toLowerCase())
    else headers.set(name.toLowerCase(), fillText(value, variables))
  }
  return {
    method: request.method,
    path: fillPath(request.path, variables),
    headers: Object.fromEntries(headers),
    ...(body === undefined ? {} : { body }),
  }
}

function bodyOf(request: TraceRequest, variables: Variables): string | undefined {
  if (request.rawBody !== undefined) return fillText(request.rawBody, variables)
  return request.body === undefined ? undefined : JSON.stringify(fill(request.body, variables))
}

let runs = 0

function uniqueSuffix(): string {
  runs += 1
  return `${Date.now().toString(36)}${runs.toString(36)}${Math.random().toString(36).slice(2, 6)}`
}
