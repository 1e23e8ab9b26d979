import type { KeysetPosition } from '@scimkit/core/provider'
import type { Row } from '../../driver/driver.js'

/** The resources of a page, and the known properties of the whole list. */
export interface PageRows {
  /** Their rows, in the order of the list. */
  readonly rows: readonly number[]
  readonly total: number | undefined
  /** `Page.next`, for a keyset page that is not the last one. */
  readonly next?: string
  /** For a keyset page: the positions of its rows, and of the next row if there is one. */
  readonly places?: readonly KeysetPosition[]
  /** Their rows of `scim_resources`, if the query has already read them; `doc` is null for long documents. */
  readonly read?: readonly Row[]
}
