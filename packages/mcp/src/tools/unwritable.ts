import type { DiffOperation } from '@scimkit/core/merge'
import { type Attribute, type ResourceType, resolvePath } from '@scimkit/core/schema'

/** The attribute that an operation of a diff changes; undefined if the type does not know it. */
export function attributeOf(type: ResourceType, { path }: DiffOperation): Attribute | undefined {
  return resolvePath(type, withoutBrackets(path), { bareExtensionNames: false, dottedUrns: false })?.attribute
}

/** The attributes of these changes that the caller may not change. The write decides; this is for a preview of it. */
export function unwritableIn(type: ResourceType, changes: readonly DiffOperation[]): readonly string[] {
  const forbidden = changes.flatMap((change) => {
    const attribute = attributeOf(type, change)
    return attribute?.unwritable === 'whole' ? [attribute.path] : []
  })
  return [...new Set(forbidden)]
}

// `emails[type eq "a]"].value` is `emails`: the attribute decides, and a text in brackets may contain anything.
function withoutBrackets(path: string): string {
  const bracket = path.indexOf('[')
  return bracket === -1 ? path : path.slice(0, bracket)
}
