/** What the client remembers of what it read: tags, to write on, and representations, to answer a 304 from. */

/** The memory of one client. A `resource` is its path, a `target` its path with the query that shaped the answer. */
export interface KnownTags {
  tagOf(resource: string): string | undefined
  /** A representation that may be asked about with `If-None-Match`. */
  representation(resource: string, target: string): Representation | undefined
  /** Somebody has seen the resource at this tag; without one, it is not known any more. */
  see(resource: string, tag: string | undefined): void
  /** Somebody has read the resource at this tag, in this representation. */
  keep(resource: string, tag: string, target: string, representation: Representation): void
}

/** An answer's text, and the tag to ask with whether it is still the same. */
export interface Representation {
  readonly validator: string
  readonly text: string
}

interface Entry {
  tag: string
  representations: Map<string, Representation>
}

/** A memory of so many resources and so many characters of representations. */
export function knownTags(resources: number, characters: number): KnownTags {
  // In order of use: a Map keeps the order in which keys were set.
  const entries = new Map<string, Entry>()
  let size = 0

  const dropRepresentations = (entry: Entry): void => {
    for (const { text } of entry.representations.values()) size -= text.length
    entry.representations = new Map()
  }
  const drop = (resource: string): void => {
    const entry = entries.get(resource)
    if (entry !== undefined) dropRepresentations(entry)
    entries.delete(resource)
  }
  const used = (resource: string): Entry | undefined => {
    const entry = entries.get(resource)
    if (entry === undefined) return undefined
    entries.delete(resource)
    entries.set(resource, entry)
    return entry
  }
  const see = (resource: string, tag: string | undefined): void => {
    if (tag === undefined || resources === 0) {
      drop(resource)
      return
    }
    const entry = used(resource)
    if (entry === undefined) entries.set(resource, { tag, representations: new Map() })
    else if (entry.tag !== tag) entry.tag = tag
    const [oldest] = entries.keys()
    if (entries.size > resources && oldest !== undefined) drop(oldest)
  }

  return {
    tagOf: (resource) => used(resource)?.tag,
    representation: (resource, target) => used(resource)?.representations.get(target),
    see,
    keep(resource, tag, target, representation) {
      see(resource, tag)
      const entry = entries.get(resource)
      if (entry === undefined || representation.text.length > characters) return
      const before = entry.representations.get(target)
      size += representation.text.length - (before?.text.length ?? 0)
      entry.representations.set(target, representation)
      for (const each of entries.values()) {
        if (size <= characters) break
        dropRepresentations(each)
      }
    },
  }
}
