// Longer than a store that works needs, shorter than a probe waits that has been told so (docs/guide/deployment.md).
const patience = 2_000
/** Milliseconds for which an answer holds: the endpoint asks for no credentials, and must not become load on the store. */
const freshFor = 500

/** How a {@link readiness} is set up. */
export interface ReadinessOptions {
  /** Resolves if the store can do its work. */
  readonly check: () => Promise<void>
  /** Told why, when a store that was ready is not any more. */
  readonly onFailure: (error: unknown) => void
  /** Milliseconds after which a store that has not answered is not ready. Default 2,000. */
  readonly patience?: number
  /** Default 500. */
  readonly freshFor?: number
}

/** Says whether a store is ready, within a bounded time. However many ask, one check runs at a time. */
export function readiness(options: ReadinessOptions): () => Promise<boolean> {
  const { check, onFailure } = options
  let running: Promise<boolean> | undefined
  let known: { readonly at: number; readonly isReady: boolean } | undefined
  let wasReady = true

  function noted(isReady: boolean, error?: unknown): boolean {
    if (wasReady && !isReady) onFailure(error)
    wasReady = isReady
    return isReady
  }

  async function ask(): Promise<boolean> {
    let isReady: boolean
    try {
      await check()
      isReady = noted(true)
    } catch (error) {
      isReady = noted(false, error)
    }
    known = { at: performance.now(), isReady }
    running = undefined
    return isReady
  }

  return async () => {
    if (known !== undefined && performance.now() - known.at < (options.freshFor ?? freshFor)) return known.isReady
    running ??= ask()
    const milliseconds = options.patience ?? patience
    const late = (): boolean => noted(false, new Error(`The store did not answer within ${milliseconds} ms.`))
    return within(running, milliseconds, late)
  }
}

async function within<Value>(work: Promise<Value>, milliseconds: number, late: () => Value): Promise<Value> {
  let timer: NodeJS.Timeout | undefined
  const patienceOver = new Promise<Value>((resolve) => {
    timer = setTimeout(() => resolve(late()), milliseconds)
  })
  try {
    return await Promise.race([work, patienceOver])
  } finally {
    clearTimeout(timer)
  }
}
