/** Calls the host's `onEvent` and `onError`, and hooks after a commit. Neither is awaited, and neither can fail a request. */
import type { Engine, Reported } from '../engine/engine.js'
import type { ScimEvent } from '../events.js'
import { isThenable } from '../is-thenable.js'
import { keepAlive } from '../wait-until.js'

/** The listeners of the host. Both may be asynchronous. */
export interface Listeners {
  readonly onEvent?: (event: ScimEvent) => void
  readonly onError?: (error: unknown, about: { readonly requestId: string }) => void
}

/** Reports to these listeners: an error of `onEvent` goes to `onError`, an error of `onError` to the console. */
export function reportingTo({
  onEvent,
  onError: hostOnError = warn,
}: Listeners): Pick<Engine, 'emit' | 'detach' | 'onError'> {
  const onError: Engine['onError'] = (error, about) => {
    const { requestId } = about
    call(
      () => hostOnError(error, { requestId }),
      about,
      (second) => warn(second, about),
    )
  }
  const detach: Engine['detach'] = (hook, about) => call(hook, about, (error) => onError(error, about))
  return {
    onError,
    detach,
    emit: (event, about) => {
      if (onEvent !== undefined) detach(() => onEvent(event), about)
    },
  }
}

// An asynchronous hook continues after the response, which Workers allows only for promises passed to its `waitUntil`.
// Its rejection must be handled here: an unhandled one ends a process of Node.
function call(hook: () => unknown, { waitUntil }: Reported, failed: (error: unknown) => void): void {
  try {
    const result = hook()
    if (isThenable(result)) keepAlive(waitUntil, Promise.resolve(result).catch(failed), failed)
  } catch (error) {
    failed(error)
  }
}

function warn(error: unknown, about: { readonly requestId: string }): void {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
  console.warn(`scimkit: request ${about.requestId} failed: ${text}`)
}
