import type { Row } from '../driver/driver.js'

/** The resources of a page, and what is known of the whole list. */
export interface Found {
  /** Their rows, in the order of the list. */
  readonly rows: readonly number[]
  readonly total: number | undefined
  /** `Page.next`, of a keyset page that is not the last. */
  readonly next?: string
  /** Their rows of `scim_resources`, where they have been read already, with the condition. */
  readonly read?: readonly Row[]
}
