/** One wrong thing in the core, as text to put in the place of other text. */
export interface Fault {
  readonly name: string
  /** Below packages/core/src. */
  readonly file: string
  /** Each text must be in the file once, else the fault has outlived the code it was made for. */
  readonly patches: readonly (readonly [from: string, to: string])[]
}

/** Faults that somebody could put in by accident, each of which some case must see. */
export const faults: readonly Fault[] = [
  {
    name: 'one wrong status: a create is 200',
    file: 'http/respond.ts',
    patches: [['resourceAnswer(201,', 'resourceAnswer(200,']],
  },
  {
    name: 'a missing header: a create has no Location',
    file: 'http/respond.ts',
    patches: [['{ Location: outcome.value.location }', '{}']],
  },
  {
    name: 'a missing header: a 304 has no ETag',
    file: 'http/respond.ts',
    patches: [
      ['...contentLocation(outcome.location) }, null, outcome.tag)', '...contentLocation(outcome.location) }, null)'],
    ],
  },
  {
    name: 'a missing header: a 405 has no Allow',
    file: 'errors.ts',
    patches: [['{ headers: { Allow: allow } }', '{}']],
  },
  {
    name: 'a way past the host: operations of a bulk request are not asked about',
    file: 'operations/bulk-run.ts',
    patches: [["await permit(shared, operation, context, 'bulk')", 'operation as never']],
  },
  {
    name: 'a way past the host: POSTs in a circle are not asked about',
    file: 'operations/bulk-circle.ts',
    patches: [["await permit(engine, operation, context, 'bulk')", 'operation as never']],
  },
  {
    name: 'a way past the host: /Me is asked about, what it leads to is not',
    file: 'operations/me.ts',
    patches: [["await permit(engine, onIt(operation, ref), context, 'me')", 'onIt(operation, ref) as never']],
  },
  {
    name: 'a way past the host: a search at the root shows the types that are refused',
    file: 'operations/query.ts',
    patches: [['typesShown(operation)', 'undefined']],
  },
  {
    name: 'a way past the host: who is refused everything gets an empty list',
    file: 'operations/permit.ts',
    patches: [['if (shown.size === 0) throw refusalError(refused)', '']],
  },
  {
    name: 'a way past the host: discovery is not asked about',
    file: 'operations/perform.ts',
    patches: [
      [
        'permit(engine, operation, context)',
        "operation.kind === 'discover' ? (operation as never) : permit(engine, operation, context)",
      ],
    ],
  },
  {
    name: 'permission for a bulk request is taken for one for its operations',
    file: 'operations/permit.ts',
    patches: [["if (decision.kind === 'refuse')", "if (decision.kind === 'refuse' && request.via !== 'bulk')"]],
  },
  {
    name: 'what a type does not offer is refused at its own address alone',
    file: 'operations/permit.ts',
    patches: [['      checkOffered(findType(engine, type), kind)\n', '']],
  },
  {
    name: 'the status in an error body is a number',
    file: 'http/respond.ts',
    patches: [['status: String(error.status)', 'status: error.status']],
  },
  {
    name: 'an error with members of our own: the conflict of a 412 for clients that do not ask',
    file: 'http/respond.ts',
    patches: [['return isAsked ? applied(', 'return true ? applied(']],
  },
  {
    name: 'a suffix is taken from any tag, not from our own alone',
    file: 'versioning/coding-suffix.ts',
    patches: [['if (isOwnTag(before, kind)) return before', 'return before']],
  },
  {
    name: 'a tag that comes back: neither generation nor nonce move',
    file: 'versioning/version.ts',
    patches: [
      ['versionOf(generation + 1,', 'versionOf(generation,'],
      ['hex += byte.toString(16)', 'hex += (byte & 0).toString(16)'],
    ],
  },
  {
    name: 'a tag that does not move when members do',
    file: 'operations/commit.ts',
    patches: [
      [
        'version: nextVersion(stored.version, versionNonce(engine.ports.randomBytes), digest)',
        'version: digest === undefined ? stored.version : nextVersion(stored.version, versionNonce(engine.ports.randomBytes), digest)',
      ],
    ],
  },
  {
    name: 'case-sensitive names',
    file: 'schema/path.ts',
    patches: [['const lower = text.toLowerCase()', 'const lower = text']],
  },
  {
    name: 'case-sensitive uniqueness',
    file: 'resource/unique-keys.ts',
    patches: [['attribute.caseExact ? exactKey(value) : caseKey(value)', 'exactKey(value)']],
  },
  {
    name: 'precedence swapped: or binds closer than and',
    file: 'filter/parse.ts',
    patches: [
      ["takeKeyword(parser, 'or')", "takeKeyword(parser, '?')"],
      ["takeKeyword(parser, 'and')", "takeKeyword(parser, 'or')"],
      ["takeKeyword(parser, '?')", "takeKeyword(parser, 'and')"],
      ["joined('or', terms)", "joined('?', terms)"],
      ["return joined('and', terms)", "return joined('or', terms)"],
      ["joined('?', terms)", "joined('and', terms)"],
    ],
  },
  {
    name: 'precedence swapped: If-None-Match is asked before If-Match',
    file: 'versioning/precondition.ts',
    patches: [
      [
        "  if (!includes(precondition.match ?? '*', version)) return 'match-failed'\n",
        "  if (precondition.noneMatch !== undefined && includes(precondition.noneMatch, version)) return 'none-match-failed'\n  if (!includes(precondition.match ?? '*', version)) return 'match-failed'\n",
      ],
    ],
  },
  {
    name: '412 before 404',
    file: 'operations/commit.ts',
    patches: [
      [
        "  if (stored === undefined) return { kind: 'notFound' }\n",
        "  if (stored === undefined) return target.precondition.match === undefined ? { kind: 'notFound' } : mismatch(target, '0-0' as RawVersion)\n",
      ],
    ],
  },
  {
    name: 'the body before the precondition',
    file: 'operations/commit.ts',
    patches: [
      [
        "const admitted = await readChecked(engine, context, target, 'none')",
        "await prepare()\n  const admitted = await readChecked(engine, context, target, 'none')",
      ],
    ],
  },
  {
    name: 'a projection that leaks: attributes shows meta unasked',
    file: 'resource/projection.ts',
    patches: [
      [
        'const isNamed = (attribute: Attribute): boolean => whole.has(attribute)',
        "const isNamed = (attribute: Attribute): boolean => whole.has(attribute) || attribute.name === 'meta'",
      ],
    ],
  },
  {
    name: 'a projection that leaks: an excluded sub-attribute is shown',
    file: 'resource/projection.ts',
    patches: [['(showsPart(attribute, sub) && !parts.has(sub))', 'showsPart(attribute, sub)']],
  },
  {
    name: 'a no-op that writes',
    file: 'operations/commit.ts',
    patches: [
      [
        'if (sameContent && delta === undefined && secret === undefined)',
        'if (sameContent && delta === undefined && secret === undefined && type.name === "?")',
      ],
    ],
  },
  {
    name: 'garbage in If-Match is treated as absent',
    file: 'versioning/precondition.ts',
    patches: [
      [
        'if (end === undefined || !endsCleanly(text, end)) {',
        'if (end === undefined || !endsCleanly(text, end)) {\n      if (end === undefined || end > 0) return undefined',
      ],
    ],
  },
  {
    name: 'a lost swap is called won',
    file: 'operations/commit.ts',
    patches: [
      [
        "return { kind: 'lost', current: result.current }",
        'return { ...committed, changed: true, version: next.version, lastModified: next.at }',
      ],
    ],
  },
  {
    name: 'unknown members are kept where the host refuses them',
    file: 'operations/unknown-members.ts',
    patches: [["return policy === 'keep' || ", "return policy !== 'skip' || "]],
  },
  {
    name: 'the answer shows members that were skipped',
    file: 'operations/commit.ts',
    patches: [['members: complete ? members : undefined', 'members: complete ? wanted : undefined']],
  },
  {
    name: 'strict takes booleans as text',
    file: 'interop.ts',
    patches: [['stringBooleans: false', 'stringBooleans: true']],
  },
  {
    name: 'strict empties a group on remove with a value',
    file: 'interop.ts',
    patches: [['removeWithValue: false', 'removeWithValue: true']],
  },
  {
    name: 'X-Forwarded-* of anybody are believed',
    file: 'http/forwarded.ts',
    patches: [
      ['trustedProxies === 0 ? undefined : request.header(name)', 'request.header(name)'],
      ['entries.length - trustedProxies', 'entries.length - Math.max(1, trustedProxies)'],
    ],
  },
  {
    name: 'a secret can be guessed by filter',
    file: 'filter/sensitive.ts',
    patches: [
      [
        'if (attribute === undefined || !isSensitive(attribute)) continue',
        'if (attribute !== path.attribute || attribute === path.attribute) continue',
      ],
    ],
  },
  {
    name: 'startIndex is counted from 0',
    file: 'operations/query.ts',
    patches: [['startIndex: Math.max(1, startIndex)', 'startIndex: Math.max(0, startIndex)']],
  },
  {
    name: 'two values may be primary',
    file: 'resource/settle.ts',
    patches: [['if (primaries > 1)', 'if (primaries > 2)']],
  },
]
