/** One fault in the core, as replacements of text. */
export interface Fault {
  readonly name: string
  /** The id of a case of the wire contract that fails with it. `pnpm prove faults` lists all of them. */
  readonly seenBy: string
  /** Relative to packages/core/src. */
  readonly file: string
  /** Each text must be in the file exactly once, else the fault is stale. */
  readonly patches: readonly (readonly [from: string, to: string])[]
}

/** Plausible faults, each of which some case must detect. */
export const faults: readonly Fault[] = [
  {
    name: 'one wrong status: a create is 200',
    seenBy: 'etag-on-read',
    file: 'http/respond.ts',
    patches: [['resourceAnswer(201,', 'resourceAnswer(200,']],
  },
  {
    name: 'a missing header: a create has no Location',
    seenBy: 'create-location',
    file: 'http/respond.ts',
    patches: [['{ Location: outcome.value.location }', '{}']],
  },
  {
    name: 'a missing header: a 304 has no ETag',
    seenBy: 'if-none-match-304',
    file: 'http/respond.ts',
    patches: [
      ['...contentLocation(outcome.location) }, null, outcome.tag)', '...contentLocation(outcome.location) }, null)'],
    ],
  },
  {
    name: 'a missing header: a 405 has no Allow',
    seenBy: 'put-collection-405',
    file: 'errors.ts',
    patches: [['{ headers: { Allow: allow } }', '{}']],
  },
  {
    name: 'an authorization bypass: operations of a bulk request are not checked',
    seenBy: 'authorize-bulk-post',
    file: 'bulk/run.ts',
    patches: [["await permit(entryCall, operation, 'bulk')", 'operation as never']],
  },
  {
    name: 'an authorization bypass: POSTs in a cycle are not checked',
    seenBy: 'authorize-bulk-circle',
    file: 'bulk/circle.ts',
    patches: [["await permit(call, operation, 'bulk')", 'operation as never']],
  },
  {
    name: 'an authorization bypass: /Me is checked, the resource behind it is not',
    seenBy: 'authorize-me-get-resource',
    file: 'operations/me.ts',
    patches: [["await permit(call, onIt(operation, ref), 'me')", 'onIt(operation, ref) as never']],
  },
  {
    name: 'an authorization bypass: a search at the root returns refused types',
    seenBy: 'authorize-root-leaves-out',
    file: 'operations/query.ts',
    patches: [['typesShown(operation)', 'undefined']],
  },
  {
    name: 'a refusal of everything is an empty list',
    seenBy: 'authorize-root-list',
    file: 'permissions/permit.ts',
    patches: [['if (shown.size === 0) throw refusalError(refused)', '']],
  },
  {
    name: 'an authorization bypass: discovery is not checked',
    seenBy: 'authorize-discover-ServiceProviderConfig',
    file: 'operations/perform.ts',
    patches: [
      ['permit(call, operation)', "operation.kind === 'discover' ? (operation as never) : permit(call, operation)"],
    ],
  },
  {
    name: 'permission for a bulk request includes its operations',
    seenBy: 'authorize-bulk-post',
    file: 'permissions/permit.ts',
    patches: [["if (decision.kind === 'refuse')", "if (decision.kind === 'refuse' && request.via !== 'bulk')"]],
  },
  {
    name: 'operations that a type does not offer are refused only at its own path',
    seenBy: 'operations-delete-405',
    file: 'permissions/permit.ts',
    patches: [['      checkOffered(findType(engine, type), kind)\n', '']],
  },
  {
    name: 'the status in an error body is a number',
    seenBy: 'if-match-stale-read-412',
    file: 'http/respond.ts',
    patches: [['status: String(error.status)', 'status: error.status']],
  },
  {
    name: 'an error with additional members: the conflict of a 412 without a request for it',
    seenBy: 'if-match-stale-read-412',
    file: 'http/respond.ts',
    patches: [['return isAsked ? applied(', 'return true ? applied(']],
  },
  {
    name: 'a suffix is removed from any tag, not only from those of the server',
    seenBy: 'put-changed-tag',
    file: 'versioning/coding-suffix.ts',
    patches: [['if (isOwnTag(before, kind)) return before', 'return before']],
  },
  {
    name: 'a tag that is used again: neither generation nor nonce change',
    seenBy: 'etag-moves-with-every-change',
    file: 'versioning/version.ts',
    patches: [
      ['versionOf(generation + 1,', 'versionOf(generation,'],
      ['hex += byte.toString(16)', 'hex += (byte & 0).toString(16)'],
    ],
  },
  {
    name: 'a tag that does not change with the members',
    seenBy: 'member-change-moves-group',
    file: 'writing/commit.ts',
    patches: [
      [
        'version: nextVersion(stored.version, versionNonce(call.engine.ports.randomBytes), digest)',
        'version: digest === undefined ? stored.version : nextVersion(stored.version, versionNonce(call.engine.ports.randomBytes), digest)',
      ],
    ],
  },
  {
    name: 'case-sensitive names',
    seenBy: 'etag-on-read',
    file: 'schema/path.ts',
    patches: [['const lower = text.toLowerCase()', 'const lower = text']],
  },
  {
    name: 'case-sensitive uniqueness',
    seenBy: 'create-duplicate-other-case-409',
    file: 'resource/unique-keys.ts',
    patches: [['attribute.caseExact ? exactKey(value) : caseKey(value)', 'exactKey(value)']],
  },
  {
    name: 'precedence swapped: or binds closer than and',
    seenBy: 'filter-precedence',
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
    name: 'precedence swapped: If-None-Match is evaluated before If-Match',
    seenBy: 'if-match-before-if-none-match-412',
    file: 'versioning/precondition.ts',
    patches: [
      [
        "  if (!isAmong(precondition.match ?? '*', version)) return 'match-failed'\n",
        "  if (precondition.noneMatch !== undefined && isAmong(precondition.noneMatch, version)) return 'none-match-failed'\n  if (!isAmong(precondition.match ?? '*', version)) return 'match-failed'\n",
      ],
    ],
  },
  {
    name: '412 before 404',
    seenBy: '404-before-412',
    file: 'writing/commit.ts',
    patches: [
      [
        "  if (stored === undefined) return { kind: 'notFound' }\n  if (target",
        "  if (stored === undefined) return target.precondition.match === undefined ? { kind: 'notFound' } : mismatch(target, '0-0' as RawVersion)\n  if (target",
      ],
    ],
  },
  {
    name: 'the body before the precondition',
    seenBy: '412-before-body',
    file: 'writing/commit.ts',
    patches: [
      [
        "const admitted = ahead ?? (await readChecked(call, target, 'none'))",
        "await prepare()\n  const admitted = ahead ?? (await readChecked(call, target, 'none'))",
      ],
    ],
  },
  {
    name: 'a projection that leaks: attributes returns meta without request',
    seenBy: 'patch-attributes-200',
    file: 'resource/projection.ts',
    patches: [
      [
        'const isNamed = (attribute: Attribute): boolean => whole.has(attribute)',
        "const isNamed = (attribute: Attribute): boolean => whole.has(attribute) || attribute.name === 'meta'",
      ],
    ],
  },
  {
    name: 'a projection that leaks: an excluded sub-attribute is returned',
    seenBy: 'excluded-sub-attribute',
    file: 'resource/projection.ts',
    patches: [['(showsPart(attribute, sub) && !parts.has(sub))', 'showsPart(attribute, sub)']],
  },
  {
    name: 'a no-op that writes',
    seenBy: 'put-unchanged',
    file: 'writing/commit.ts',
    patches: [
      [
        'if (sameContent && delta === undefined && secret === undefined)',
        'if (sameContent && delta === undefined && secret === undefined && type.name === "?")',
      ],
    ],
  },
  {
    name: 'an invalid If-Match is treated as absent',
    seenBy: 'if-match-garbage-word-400',
    file: 'versioning/precondition.ts',
    patches: [
      [
        'if (end === undefined || !endsCleanly(text, end)) {',
        'if (end === undefined || !endsCleanly(text, end)) {\n      if (end === undefined || end > 0) return undefined',
      ],
    ],
  },
  {
    name: 'a failed compare-and-swap is reported as success',
    seenBy: 'one-of-eight-wins',
    file: 'writing/commit.ts',
    patches: [
      [
        "return { kind: 'lost', current: result.current }",
        'return { ...committed, changed: true, version: next.version, lastModified: next.at }',
      ],
    ],
  },
  {
    name: 'unknown members are kept although the host refuses them',
    seenBy: 'unknown-member-rejected',
    file: 'engine/unknown-members.ts',
    patches: [["return policy === 'keep' || ", "return policy !== 'skip' || "]],
  },
  {
    name: 'the response contains skipped members',
    seenBy: 'unknown-member-skipped-put',
    file: 'writing/commit.ts',
    patches: [['members: complete ? members : undefined', 'members: complete ? wanted : undefined']],
  },
  {
    name: 'strict accepts booleans as text',
    seenBy: 'strict-string-boolean-post-400',
    file: 'interop.ts',
    patches: [['stringBooleans: false', 'stringBooleans: true']],
  },
  {
    name: 'strict empties a group on remove with a value',
    seenBy: 'strict-applied-remove-filter-beside-empty-text',
    file: 'interop.ts',
    patches: [['removeWithValue: false', 'removeWithValue: true']],
  },
  {
    name: 'X-Forwarded-* of untrusted clients are used',
    seenBy: 'forwarded-not-believed',
    file: 'http/url/forwarded.ts',
    patches: [
      ['trustedProxies === 0 ? undefined : request.header(name)', 'request.header(name)'],
      ['entries.length - trustedProxies', 'entries.length - Math.max(1, trustedProxies)'],
    ],
  },
  {
    name: 'a secret can be guessed by filter',
    seenBy: 'root-sensitive',
    file: 'filter/sensitive.ts',
    patches: [
      [
        'if (attribute === undefined || !(isSensitive(attribute) || isGuarded(attribute))) continue',
        'if (attribute !== path.attribute || attribute === path.attribute) continue',
      ],
    ],
  },
  {
    name: 'startIndex is counted from 0',
    seenBy: 'page-start-0',
    file: 'operations/query.ts',
    patches: [['startIndex: Math.max(1, startIndex)', 'startIndex: Math.max(0, startIndex)']],
  },
  {
    name: 'two values may be primary',
    seenBy: 'create-two-primaries-400',
    file: 'resource/validate-document.ts',
    patches: [['if (primaries > 1)', 'if (primaries > 2)']],
  },
  {
    name: 'the quota is not passed to the store',
    seenBy: 'quota-403',
    file: 'writing/creation/commit-creation.ts',
    patches: [['    ...(quota !== undefined && { quota }),\n', '']],
  },
  {
    name: 'an authorization bypass: a POST replaces a user that the caller may not replace',
    seenBy: 'returning-user-refused',
    file: 'writing/creation/replace-duplicate.ts',
    patches: [
      ['if (permitted === undefined) return undefined', ''],
      ['callWithin(call, permitted)', 'permitted === undefined ? call : callWithin(call, permitted)'],
    ],
  },
  {
    name: 'a returning user is replaced whatever its version: the policy decided about another state',
    seenBy: 'returning-user-race',
    file: 'writing/creation/replace-duplicate.ts',
    patches: [['precondition: ifVersion(version)', "precondition: { match: '*' as const, noneMatch: undefined }"]],
  },
  {
    name: 'a POST replaces active users',
    seenBy: 'returning-user-active',
    file: 'engine/duplicate-policies.ts',
    patches: [["attribute === 'userName' && current.active === false", "attribute === 'userName'"]],
  },
  {
    name: 'Idempotency-Key: the key is not stored with the insert',
    seenBy: 'idempotency-same-resource',
    file: 'writing/creation/commit-creation.ts',
    patches: [['    ...(creationKey !== undefined && { creationKey }),\n', '']],
  },
  {
    name: 'Idempotency-Key: another body gets the resource of the first one',
    seenBy: 'idempotency-other-body-422',
    file: 'writing/creation/replay-creation.ts',
    patches: [['if (digest !== key.digest)', 'if (false)']],
  },
  {
    name: 'Idempotency-Key: the type is not part of the request',
    seenBy: 'idempotency-other-type-422',
    file: 'writing/creation/creation-key.ts',
    patches: [['canonicalJson([type, short, long])', 'canonicalJson([short, long])']],
  },
  {
    name: 'Idempotency-Key: the password is part of the digest',
    seenBy: 'idempotency-password',
    file: 'writing/creation/creation-key.ts',
    patches: [["return key === 'password' || key.endsWith(':password')", "return key === '' && name !== ''"]],
  },
  {
    name: 'Idempotency-Key: only the usual spelling of password is left out of the digest',
    seenBy: 'idempotency-password',
    file: 'writing/creation/creation-key.ts',
    patches: [["return key === 'password' || key.endsWith(':password')", "return key !== '' && name === 'password'"]],
  },
  {
    name: 'Idempotency-Key: all callers of a tenant share their keys',
    seenBy: 'idempotency-principal',
    file: 'writing/creation/creation-key.ts',
    patches: [["principal: context.principal ?? ''", "principal: ''"]],
  },
  {
    name: 'Idempotency-Key: ignored where the provider cannot store it',
    seenBy: 'idempotency-unsupported-501',
    file: 'operations/create.ts',
    patches: [
      [
        'const { idempotencyKey } = operation',
        'const idempotencyKey = call.engine.provider.supports && operation.idempotencyKey',
      ],
    ],
  },
  {
    name: 'Idempotency-Key: of several different values the first one counts',
    seenBy: 'idempotency-form-400',
    file: 'http/idempotency-key.ts',
    patches: [['others.some((other) => other !== first)', 'others.some(() => false)']],
  },
  {
    name: 'Idempotency-Key: the state of the first response instead of the current one',
    seenBy: 'idempotency-current-state',
    file: 'writing/creation/replay-creation.ts',
    patches: [
      ['await represent(call, presentation, stored)', 'await represent(call, presentation, { ...stored, version })'],
    ],
  },
  {
    name: 'attribute rights: not applied to the call that carries out the operation',
    seenBy: 'rights-read-get',
    file: 'permissions/permit.ts',
    patches: [['if (rights === undefined) return call\n', 'return call\n']],
  },
  {
    name: 'attribute rights: an attribute that may not be read is hidden, and filters may be about it',
    seenBy: 'rights-read-conditions',
    file: 'filter/sensitive.ts',
    patches: [['!(isSensitive(attribute) || isGuarded(attribute))', "attribute.mutability !== 'writeOnly'"]],
  },
  {
    name: 'attribute rights: the presence of a partly readable attribute may be asked about',
    seenBy: 'rights-read-conditions',
    file: 'filter/sensitive.ts',
    patches: [["if (attribute?.unreadable === 'part') throw sensitive(attribute.path)", '']],
  },
  {
    name: 'attribute rights: schemas names an extension that may not be read',
    seenBy: 'rights-read-get',
    file: 'presenting/present.ts',
    patches: [
      ['project(type, withReadableSchemas(type, document), projection)', 'project(type, document, projection)'],
    ],
  },
  {
    name: 'attribute rights: the value of a remove may be compared with one that may not be read',
    seenBy: 'rights-read-patch-conditions',
    file: 'patch/parse/parse-remove.ts',
    patches: [['if (!saysNothing(sent)) refuseSensitiveValue(', 'if (saysNothing(sent)) refuseSensitiveValue(']],
  },
  {
    name: 'attribute rights: a PUT removes attributes that the caller cannot see',
    seenBy: 'rights-read-put-keeps',
    file: 'writing/rights/replacement.ts',
    patches: [['done(withKept(type, before, document, named))', 'done(before && document)']],
  },
  {
    name: 'attribute rights: tags contain the digest of the whole document',
    seenBy: 'rights-read-tags',
    file: 'presenting/readable.ts',
    patches: [['? version : withoutDigest(version)', '? version : version']],
  },
  {
    name: 'attribute rights: a condition with the digest of the whole document holds',
    seenBy: 'rights-read-tags',
    file: 'permissions/permit.ts',
    patches: [['precondition: withoutDigests(operation.precondition)', 'precondition: operation.precondition']],
  },
  {
    name: 'attribute rights: a 412 names attributes that may not be read',
    seenBy: 'rights-read-conflict-details',
    file: 'presenting/readable.ts',
    patches: [['path?.attribute !== undefined && path.attribute.unreadable === undefined', 'path !== null']],
  },
  {
    name: 'attribute rights: a create may set attributes that the caller may not change',
    seenBy: 'rights-write-create',
    file: 'operations/create.ts',
    patches: [['  checkCreated(type, read)\n', '']],
  },
  {
    name: 'attribute rights: changes are not compared with the stored state',
    seenBy: 'rights-write-patch',
    file: 'writing/proposed-state.ts',
    patches: [['if (type.unwritable !== undefined) {', 'if (type.unwritable === null) {']],
  },
  {
    name: 'attribute rights: members may be changed whatever the rights are',
    seenBy: 'rights-write-members',
    file: 'writing/rights/check-state.ts',
    patches: [['if (beside.members && members?.unwritable !== undefined) throw mayNotChange(members)', '']],
  },
  {
    name: 'attribute rights: an equal value of a hidden attribute is no change, so it can be guessed',
    seenBy: 'rights-neither',
    file: 'operations/patch.ts',
    patches: [['if (!isCompletion(operation)) checkOperations(', 'if (isCompletion(operation)) checkOperations(']],
  },
  {
    name: 'attribute rights: the same in a PUT',
    seenBy: 'rights-neither',
    file: 'writing/rights/replacement.ts',
    patches: [['  checkNamed(named)\n', '']],
  },
]
