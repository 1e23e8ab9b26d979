import type { Driver, Statement } from '../../../src/driver/driver.js'

/** A driver whose schema changes wait for `before` ahead of each call, as on a slow network. */
export function pausedDriver(
  driver: Driver,
  before: (statements: readonly Statement[]) => Promise<void> | undefined,
): Driver {
  return {
    ...driver,
    exclusive: (work) =>
      driver.exclusive((run) =>
        work(async (...statements) => {
          await before(statements)
          return run(...statements)
        }),
      ),
  }
}
