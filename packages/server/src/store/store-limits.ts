/** The limits of a store, in addition to those of the server, with their defaults: the same for memory and SQL stores. */
export const defaultStoreLimits = { scanWork: 2_000_000, groupEdges: 5_000_000 } as const

/** Limits of a store by name; only those that are not the default. */
export type StoreLimits = { readonly [Name in keyof typeof defaultStoreLimits]?: number }
