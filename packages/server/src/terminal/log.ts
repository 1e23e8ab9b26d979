import type { RequestEvent, ScimEvent, WriteEvent } from '@scimkit/core'
import { pino } from 'pino'
import { colors } from './colors.js'

/** The log of the server: names, ids and statuses; never values, never tokens. */
export interface Log {
  event(event: ScimEvent): void
  /** A failure for which the client received only 500 or 503. */
  failure(error: unknown, about: { readonly requestId: string }): void
  /** Why credentials were refused; the client received only 401. */
  rejection(
    reason: string,
    about: { readonly tenant?: string | undefined; readonly connection?: string | undefined },
  ): void
}

/** The values of `--log`. */
export const logFormats = ['json', 'pretty', 'silent'] as const
export type LogFormat = (typeof logFormats)[number]

/** A log on stderr: stdout has only the line that reports that the server is ready. */
export function makeLog(format: LogFormat, colour: boolean): Log {
  switch (format) {
    case 'json':
      return jsonLog()
    case 'pretty':
      return prettyLog(colour)
    case 'silent':
      return { event: () => undefined, failure: () => undefined, rejection: () => undefined }
  }
}

function jsonLog(): Log {
  const logger = pino(
    { base: null, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination({ dest: 2, sync: true }),
  )
  return {
    event({ at: _at, ...fields }) {
      logger[levelOf(fields)](fields)
    },
    failure(error, { requestId }) {
      logger.error({ err: error, requestId }, 'the request failed')
    },
    rejection(reason, { tenant, connection }) {
      logger.warn({ kind: 'rejection', reason, tenant, connection }, 'the credentials were refused')
    },
  }
}

function levelOf(event: Pick<RequestEvent, 'kind' | 'status'> | Pick<WriteEvent, 'kind'>): 'info' | 'warn' | 'error' {
  if (event.kind === 'write' || event.status < 400) return 'info'
  return event.status < 500 ? 'warn' : 'error'
}

function prettyLog(colour: boolean): Log {
  const colorize = colors(colour)
  const styles = { info: 'green', warn: 'yellow', error: 'red' } as const
  const line = (...parts: readonly string[]) => {
    process.stderr.write(`${parts.filter((part) => part !== '').join(' ')}\n`)
  }
  return {
    event(event) {
      const time = colorize('dim', event.at.slice(11, 23))
      if (event.kind === 'write') {
        const ignored = event.ignored.length > 0 ? `ignored: ${event.ignored.join(', ')}` : ''
        const tags = `${event.before ?? '–'} → ${event.after ?? '–'}`
        return line(time, '   ', event.operation, event.type, event.id, colorize('dim', tags), ignored)
      }
      const status = colorize(styles[levelOf(event)], String(event.status))
      const took = colorize('dim', `${Math.round(event.duration)} ms`)
      line(time, status, event.method, event.type ?? '(no endpoint)', event.id ?? '', event.scimType ?? '', took)
    },
    failure(error, { requestId }) {
      line(
        colorize('red', 'failed'),
        requestId,
        error instanceof Error ? (error.stack ?? error.message) : String(error),
      )
    },
    rejection(reason, { tenant, connection }) {
      line(colorize('yellow', 'refused'), reason, tenant ?? '', connection ?? '')
    },
  }
}
