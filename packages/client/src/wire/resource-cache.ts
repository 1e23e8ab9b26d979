/** The cache of the client: tags, to send as `If-Match`, and representations, to return after a 304. */

/** The cache of one client. A `resource` is its path, a `target` its path with the query of the read. */
export interface ResourceCache {
  tagOf(resource: string): string | undefined
  /** A cached representation that can be revalidated with `If-None-Match`. */
  representation(resource: string, target: string): Representation | undefined
  /** Records that the resource has this tag; `undefined` removes the resource from the cache. */
  setTag(resource: string, tag: string | undefined): void
  /** Records that the resource was read with this tag and representation. */
  store(resource: string, tag: string, target: string, representation: Representation): void
}

/** The text of a response, and the tag to revalidate it with. */
export interface Representation {
  readonly validator: string
  readonly text: string
}

interface Entry {
  tag: string
  representations: Map<string, Representation>
}

/** A cache of at most this many resources and this many characters of representations. */
export function resourceCache(resources: number, characters: number): ResourceCache {
  // In order of use: a Map keeps insertion order.
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
  const setTag = (resource: string, tag: string | undefined): void => {
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
    setTag,
    store(resource, tag, target, representation) {
      setTag(resource, tag)
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
