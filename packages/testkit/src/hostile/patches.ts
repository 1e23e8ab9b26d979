import { type AttackTarget, citing, type HostileCase } from './hostile-case.js'
import { enterpriseUrn, patch, patchText, send, userText, userUrn } from './requests.js'

/** PATCH requests that are too large, or have an invalid path. */
export function patchCases({ user, group }: AttackTarget): readonly HostileCase[] {
  const path = `/Users/${user}`
  const many = (count: number): object[] =>
    Array.from({ length: count }, (_, i) => ({ op: 'replace', path: 'title', value: `${i}` }))
  const bounds = citing('RFC 7644 §3.5.2, §3.12; SEC-10')
  return [
    bounds('1,001 operations', patch(path, ...many(1_001)), [400, 413]),
    bounds('1,000 operations', patch(path, ...many(1_000)), [200, 204]),
    ...[
      `${'x'.repeat(1_025)}`,
      `emails[type eq "${'x'.repeat(1_010)}"]`,
      `${'a.'.repeat(512)}a`,
      '['.repeat(1_025),
    ].map((text, i) =>
      bounds(`a path of ${text.length} characters, ${i}`, patch(path, { op: 'add', path: text, value: 'x' }), [400]),
    ),
    ...brokenPaths.flatMap((text) =>
      ['add', 'replace', 'remove'].map((op) =>
        citing('RFC 7644 §3.5.2, §3.12 (invalidPath)')(
          `the path ${text} to ${op}`,
          patch(path, op === 'remove' ? { op, path: text } : { op, path: text, value: 'x' }),
          [400],
        ),
      ),
    ),
    citing('RFC 7644 §3.4.2.2, §3.12; SEC-9')(
      'a deep filter in a path',
      patch(`/Groups/${group}`, { op: 'remove', path: `members[${'('.repeat(1_000)}` }),
      [400],
    ),
    citing('RFC 7644 §3.4.2.2, §3.12; SEC-9')(
      'nots in a path',
      patch(path, { op: 'remove', path: `emails[${'not('.repeat(250)}` }),
      [400],
    ),
    citing('RFC 7644 §3.4.2.2, §3.12; SEC-9')(
      '100 deep filters in one PATCH',
      patch(path, ...Array.from({ length: 100 }, () => ({ op: 'remove', path: `emails[${'('.repeat(900)}` }))),
      [400],
    ),
  ]
}

const brokenPaths = [
  '[',
  ']',
  'emails[',
  'emails[]',
  'emails[type eq "work"',
  'emails[type eq "work"]]',
  'emails[type eq "work"].',
  'emails[type eq "work"]value',
  'emails[type eq "work"].value.more',
  'emails[type eq "work"][type eq "home"]',
  'name.',
  '.name',
  'name..givenName',
  'name givenName',
  'name/givenName',
  'emails.0',
  'emails[0]',
  ':',
  `${userUrn}::userName`,
  `${userUrn}:.`,
  '$.name',
  '../name',
]

const readOnlyNames = [
  'id',
  'meta',
  'meta.version',
  'meta.created',
  'meta.lastModified',
  'meta.location',
  'meta.resourceType',
]

/** Every spelling of the names that a client may not change: letter case, URN, operation, with and without path. */
export function protectedNameCases(target: AttackTarget): readonly HostileCase[] {
  const hostile = citing('RFC 7644 §3.5.2; RFC 7643 §3.1; FP-P7, FP-P8; SEC-1')
  const path = `/Users/${target.user}`
  const named = spellings(readOnlyNames).flatMap((name) =>
    ['add', 'replace', 'remove'].map((op) =>
      hostile(
        `${op} at ${name}`,
        patch(path, op === 'remove' ? { op, path: name } : { op, path: name, value: 'forged' }),
        [400],
      ),
    ),
  )
  const schemas = spellings(['schemas']).flatMap((name) =>
    [[], ['urn:x:unknown'], [enterpriseUrn], 'x', null].map((value) =>
      hostile(
        `replace at ${name} by ${JSON.stringify(value)}`,
        patch(path, { op: 'replace', path: name, value }),
        [200, 204, 400],
        { changesNothing: true },
      ),
    ),
  )
  const forgedIds = spellings(['id']).map((name) =>
    hostile(
      `another id as ${name} in a value without path`,
      patchText(path, `[{"op":"replace","value":{"${name}":"forged"}}]`),
      [400],
    ),
  )
  const ignored = spellings(['meta', 'schemas']).map((name) =>
    hostile(
      `${name} in a value without path`,
      patchText(path, `[{"op":"replace","value":{"${name}":{"version":"forged","location":"forged"}}}]`),
      [200, 204, 400],
      { changesNothing: true, notEchoed: 'forged' },
    ),
  )
  return [...named, ...schemas, ...forgedIds, ...ignored, ...wholeDocuments(target)]
}

// In whole documents they are values that the client read earlier, so they are ignored and not refused.
function wholeDocuments({ user }: AttackTarget): readonly HostileCase[] {
  const forged = ['id', 'ID', 'Id', 'iD'].map((name) => `"${name}":"forged"`)
  const meta = ['meta', 'META', 'Meta'].map((name) => `"${name}":{"version":"forged","location":"forged"}`)
  return [...forged, ...meta].flatMap((members, i) => [
    citing('RFC 7643 §3.1; RFC 7644 §3.3, §3.5.1; SEC-1')(
      `${members} in a new user`,
      send('POST', '/Users', userText(`hostile-document-${i}`, members)),
      [201],
      { notEchoed: 'forged' },
    ),
    citing('RFC 7643 §3.1; RFC 7644 §3.3, §3.5.1; SEC-1')(
      `${members} in a PUT`,
      send('PUT', `/Users/${user}`, userText('hostile-prey', members)),
      [200],
      { notEchoed: 'forged' },
    ),
  ])
}

function spellings(names: readonly string[]): readonly string[] {
  const cases = [
    (text: string) => text,
    (text: string) => text.toUpperCase(),
    (text: string) => text.toLowerCase(),
    (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}`,
    (text: string) => [...text].map((unit, i) => (i % 2 === 0 ? unit : unit.toUpperCase())).join(''),
  ]
  const prefixes = ['', `${userUrn}:`, `${userUrn.toUpperCase()}:`]
  return [
    ...new Set(prefixes.flatMap((prefix) => cases.flatMap((spell) => names.map((name) => `${prefix}${spell(name)}`)))),
  ]
}
