/** Work that waits until the test lets it continue. */
import type { Answered } from '../../support/server.js'

/** A promise that is resolved from outside. */
export function latch(): { readonly opened: Promise<void>; open(): void } {
  let open: () => void = () => undefined
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { opened, open }
}

export const soon = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5))
export const forEver = { startTimer: () => () => undefined }
export const statuses = (answers: readonly Answered[]): readonly number[] => answers.map(({ status }) => status)
