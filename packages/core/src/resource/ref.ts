/** Names one resource of a tenant. */
export interface ResourceRef {
  /** The resource type's name, `User`. */
  readonly type: string
  readonly id: string
}
