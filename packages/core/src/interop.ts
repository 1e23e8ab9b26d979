/**
 * Where identity providers deviate from the RFCs, each leniency has a name. `lenient` is the default: it accepts all
 * deviations that the RFCs require or allow to accept. `entra` adds the needs of Entra ID's validator. `strict`
 * requires the exact RFC form of clients.
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
  /** One value where a multi-valued attribute wants a list, in POST and PUT bodies and in `schemas` and `attributes` of messages. */
  readonly singleForList: boolean
  /** `filter=` counts as no filter. */
  readonly emptyFilter: boolean
  /** `manager eq "x"`: a complex attribute without sub-attribute compares with its `value`. */
  readonly complexComparesValue: boolean
  /** Unknown attributes in bodies are left out and named in the event; off: 400 invalidValue. */
  readonly unknownAttributes: boolean
  /** Unknown URNs in `schemas` are left out; off: 400 invalidValue. */
  readonly unknownSchemas: boolean
  /** Unknown attributes in filters match nothing; off: 400 invalidFilter, as in PATCH paths in every mode. */
  readonly unknownFilterAttributes: boolean
  /** A body whose `schemas` lacks the type's own URN is trusted to mean this endpoint. */
  readonly acceptForeignSchemas: boolean
  /** A body without `schemas` (or with an empty list) is taken to mean this endpoint. */
  readonly missingSchemas: boolean
  /**
   * `add` and `replace` at a PATCH `path` that no schema defines change nothing, and the event names the path; off: 400
   * invalidPath. `remove` at such a path is 400 invalidPath in every mode, except below the URN of an extension that is
   * not registered, where this switch decides: this server stores nothing of it.
   */
  readonly unknownPatchPaths: boolean
  /**
   * A readOnly attribute named by a PATCH `path` is left as it is; off: 400 mutability (RFC 7644 §3.5.2). `id` and `meta`
   * are 400 in every mode; `schemas`, and `password` where the host takes none, are ignored in every mode.
   */
  readonly readOnlyPatchPaths: boolean
  /** PATCH `replace` at `attr[type eq "x"].sub` that matches nothing creates the element; the RFC says noTarget. */
  readonly patchReplaceCreatesMissing: boolean
  /** PATCH `add` at `attr[type eq "x"].sub` that matches nothing creates the element. */
  readonly patchAddCreatesMissing: boolean
  /** PATCH `remove` at a value path that matches nothing succeeds for every attribute; off: for `members` alone, else 400 noTarget. */
  readonly patchRemoveMissingIsNoop: boolean
  /**
   * A PatchOp without `Operations`, or with an empty list, succeeds and changes nothing; off: 400. Without `Operations` the
   * body must name the PatchOp and hold nothing else.
   */
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
  /** A dot for the colon between a schema's URN and its attribute: `urn:…:enterprise:2.0:User.department`; off: 400. */
  readonly dottedUrns: boolean
  /** An integer for a string attribute is stored as its digits, and compared as them in filters; off: 400. */
  readonly integersForStrings: boolean
  /** A PATCH value that repeats the attribute of its path: `remove members {"members": […]}`; off: 400 invalidValue. */
  readonly valueUnderOwnName: boolean
  /** `attributes=emails[type eq "work"]` shows `emails`; off, and in `excludedAttributes`: the name matches no attribute. */
  readonly filtersInAttributes: boolean
  /** `"count": "10"`: digits in a string where a search by POST takes a number; off: 400 invalidValue. */
  readonly stringNumbers: boolean
  /** `data` of a PATCH in a bulk request may be the list of operations alone; off: 400 invalidSyntax. */
  readonly bareBulkOperations: boolean
  /** Messages may have the URNs of drafts, `urn:ietf:params:scim:schemas:core:2.0:PatchOp`; off: 400 invalidSyntax. */
  readonly draftMessageUrns: boolean
  /** PATCH without path: the value may be a list of one object, or the JSON text of one; off: 400 invalidValue. */
  readonly wrappedPatchValues: boolean
  /** Repeated `attributes`, and repeated `excludedAttributes`, of a query string are joined; off: 400. */
  readonly repeatedAttributes: boolean
  /** `//Users`: one empty path segment directly below the mount is left out; off: 404. */
  readonly emptyFirstSegment: boolean
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
  readOnlyPatchPaths: false,
  patchReplaceCreatesMissing: false,
  patchAddCreatesMissing: true,
  patchRemoveMissingIsNoop: true,
  emptyOperations: true,
  uniqueGroupDisplayName: false,
  acceptUnquotedFilterValues: false,
  missingContentType: true,
  anyCursorCount: true,
  dottedUrns: true,
  integersForStrings: true,
  valueUnderOwnName: true,
  filtersInAttributes: true,
  stringNumbers: true,
  bareBulkOperations: true,
  draftMessageUrns: true,
  wrappedPatchValues: true,
  repeatedAttributes: true,
  emptyFirstSegment: true,
  announcePagination: true,
}

const presets: Readonly<Record<InteropPreset, InteropSwitches>> = {
  lenient,
  entra: {
    ...lenient,
    patchReplaceCreatesMissing: true,
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
    patchRemoveMissingIsNoop: false,
    emptyOperations: false,
    missingContentType: false,
    anyCursorCount: false,
    dottedUrns: false,
    integersForStrings: false,
    valueUnderOwnName: false,
    filtersInAttributes: false,
    stringNumbers: false,
    bareBulkOperations: false,
    draftMessageUrns: false,
    wrappedPatchValues: false,
    repeatedAttributes: false,
    emptyFirstSegment: false,
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
