import type { Row } from '../driver/driver.js'

/** The rows of a page, and what is known of the whole list. */
export interface Found {
  readonly rows: readonly Row[]
  readonly total: number | undefined
  /** True if more rows were found than the page holds in bytes. */
  readonly short?: boolean
  /** `Page.next`, of a keyset page that is not the last. */
  readonly next?: string
}

/** The number in the one row of a count. */
export function totalIn(rows: readonly Row[] | undefined): number {
  return Number(rows?.[0]?.total ?? 0)
}
