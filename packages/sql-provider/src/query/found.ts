import type { KeysetPosition } from '@scimkit/core'
import type { Row } from '../driver/driver.js'

/** The resources of a page, and what is known of the whole list. */
export interface Found {
  /** Their rows, in the order of the list. */
  readonly rows: readonly number[]
  readonly total: number | undefined
  /** `Page.next`, of a keyset page that is not the last. */
  readonly next?: string
  /** Of a keyset page: the places of its rows, and of the row after them if there is one. */
  readonly places?: readonly KeysetPosition[]
  /** Their rows of `scim_resources`, where they have been read already, with the condition; `doc` is null for long ones. */
  readonly read?: readonly Row[]
}
