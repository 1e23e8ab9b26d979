// Longer than a working store needs, shorter than the timeout of a probe that is set up as docs/guide/deployment.md says.
const patience = 2_000
/** Milliseconds for which a result is reused: the endpoint requires no credentials and must not cause load on the store. */
const freshFor = 500

/** Options of {@link readiness}. */
export interface ReadinessOptions {
  /** Resolves if the store works. */
  readonly check: () => Promise<void>
  /** Called with the reason when a store that was ready is not ready any more. */
  readonly onFailure: (error: unknown) => void
  /** Milliseconds after which a store that has not answered is not ready. Default 2,000. */
  readonly patience?: number
  /** Default 500. */
  readonly freshFor?: number
}

/** Returns a function that checks in bounded time whether a store is ready. For any number of callers, one check runs at a time. */
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
