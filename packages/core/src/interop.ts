/**
 * Where identity providers and the RFCs part ways, each leniency has a name. `lenient` is the default: whatever the
 * RFCs require or leave open. `entra` adds what Entra ID's validator needs. `strict` holds clients to the letter.
 */
export interface InteropSwitches {
  /** `"True"` and `"false"` are taken for a boolean attribute, in bodies and in filters. */
  readonly stringBooleans: boolean
  /** `{"name.givenName": …}` in a value without path: the key is a path. */
  readonly dottedKeys: boolean
  /** `manager` without its URN means the extension's, if only one extension has the name. */
  readonly bareExtensionNames: boolean
  /** A scalar for a complex attribute becomes `{value}`; a list of one for a single value becomes the one. */
  readonly wrapScalars: boolean
  /** `remove` with `value` removes just those elements; off: 400 invalidValue. Never "remove all". */
  readonly removeWithValue: boolean
  /** `emails[type eq "work"].value eq "x"`: a sub-attribute after brackets in a filter. */
  readonly subAttributeAfterBrackets: boolean
  /** One value where a multi-valued attribute wants a list, in POST and PUT bodies. */
  readonly singleForList: boolean
  /** `filter=` counts as no filter. */
  readonly emptyFilter: boolean
  /** `manager eq "x"`: a complex attribute without sub-attribute compares with its `value`. */
  readonly complexComparesValue: boolean
  /** Unknown attributes in bodies are left out and told by the event; off: 400 invalidValue. */
  readonly unknownAttributes: boolean
  /** Unknown URNs in `schemas` are left out; off: 400 invalidValue. */
  readonly unknownSchemas: boolean
  /** Unknown attributes in filters match nothing; off: 400 invalidFilter. */
  readonly unknownFilterAttributes: boolean
  /** A body whose `schemas` lacks the type's own URN is trusted to mean this endpoint. */
  readonly acceptForeignSchemas: boolean
  /** A body without `schemas` (or with an empty one) is taken to mean this endpoint. */
  readonly missingSchemas: boolean
  /** A PATCH `path` that no schema knows changes nothing and is told by the event; off: 400 invalidPath. */
  readonly unknownPatchPaths: boolean
  /** A readOnly attribute named by a PATCH `path` is left as it is; off: 400 mutability. `id` and `meta` always are. */
  readonly readOnlyPatchPaths: boolean
  /** PATCH `replace` at `attr[type eq "x"].sub` that matches nothing creates the element; the RFC says noTarget. */
  readonly patchReplaceCreatesMissing: boolean
  /** PATCH `add` at `attr[type eq "x"].sub` that matches nothing creates the element. */
  readonly patchAddCreatesMissing: boolean
  /** PATCH `remove` at a value path that matches nothing succeeds for every attribute, not for `members` alone. */
  readonly patchRemoveMissingIsNoop: boolean
  /** PATCH with an empty `Operations` succeeds and changes nothing; off: 400. */
  readonly emptyOperations: boolean
  /** Group `displayName` is unique in a tenant. The server's setting counts; a caller's own does not. */
  readonly uniqueGroupDisplayName: boolean
  /** `externalId eq jyoung`, unquoted, is taken as text. */
  readonly acceptUnquotedFilterValues: boolean
  /** A body without `Content-Type` is taken as JSON; off: 415. */
  readonly missingContentType: boolean
  /**
   * With a cursor, a `count` above the maximum gets the maximum, as without one, and the pages of one walk may differ in
   * their `count`; off: 400 invalidCount.
   */
  readonly anyCursorCount: boolean
  /** ServiceProviderConfig has `pagination` (RFC 9865 §4); off: left out, for clients that refuse members they do not know. */
  readonly announcePagination: boolean
}

/** The named presets. */
export type InteropPreset = 'lenient' | 'entra' | 'strict'

/** A preset, or a preset with single switches over it (`preset` defaults to lenient). */
export type Interop = InteropPreset | (Partial<InteropSwitches> & { readonly preset?: InteropPreset })

const lenient: InteropSwitches = {
  stringBooleans: true,
  dottedKeys: true,
  bareExtensionNames: true,
  wrapScalars: true,
  removeWithValue: true,
  subAttributeAfterBrackets: true,
  singleForList: true,
  emptyFilter: true,
  complexComparesValue: true,
  unknownAttributes: true,
  unknownSchemas: true,
  unknownFilterAttributes: true,
  acceptForeignSchemas: false,
  missingSchemas: true,
  unknownPatchPaths: true,
  readOnlyPatchPaths: true,
  patchReplaceCreatesMissing: false,
  patchAddCreatesMissing: true,
  patchRemoveMissingIsNoop: false,
  emptyOperations: false,
  uniqueGroupDisplayName: false,
  acceptUnquotedFilterValues: false,
  missingContentType: true,
  anyCursorCount: true,
  announcePagination: true,
}

const presets: Readonly<Record<InteropPreset, InteropSwitches>> = {
  lenient,
  entra: {
    ...lenient,
    patchReplaceCreatesMissing: true,
    patchRemoveMissingIsNoop: true,
    acceptForeignSchemas: true,
  },
  strict: {
    ...lenient,
    stringBooleans: false,
    dottedKeys: false,
    bareExtensionNames: false,
    wrapScalars: false,
    removeWithValue: false,
    subAttributeAfterBrackets: false,
    singleForList: false,
    emptyFilter: false,
    missingSchemas: false,
    unknownFilterAttributes: false,
    unknownPatchPaths: false,
    readOnlyPatchPaths: false,
    missingContentType: false,
    anyCursorCount: false,
  },
}

/** Every switch name, for command lines and error messages. */
export const interopSwitchNames: readonly (keyof InteropSwitches)[] = Object.keys(
  lenient,
) as readonly (keyof InteropSwitches)[]

/** The names of the presets. */
export const interopPresets: readonly InteropPreset[] = Object.keys(presets) as readonly InteropPreset[]

/** All switches of an `interop` option. Throws a TypeError that lists the known names if one is unknown. */
export function interopFrom(interop: Interop = 'lenient'): InteropSwitches {
  const { preset = 'lenient', ...own } = typeof interop === 'string' ? { preset: interop } : interop
  if (!Object.hasOwn(presets, preset)) {
    throw new TypeError(`interop: unknown preset "${String(preset)}"; known are ${interopPresets.join(', ')}`)
  }
  for (const [name, value] of Object.entries(own)) {
    if (!Object.hasOwn(lenient, name)) {
      throw new TypeError(`interop: unknown switch "${name}"; known are ${interopSwitchNames.join(', ')}`)
    }
    if (typeof value !== 'boolean') throw new TypeError(`interop.${name}: expected true or false`)
  }
  return { ...presets[preset], ...own }
}
