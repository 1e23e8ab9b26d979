import { citing, type HostileCase } from './hostile-case.js'
import { filterInBody, filterInTarget, get, search } from './requests.js'

const hostile = citing('RFC 7644 §3.4.2.2, §3.12; SEC-9')
const million = 1_000_000
// The maximum length of a filter by default, in characters.
const longest = 16_384

/** Filters that break parsers which recurse, backtrack or trust their input. */
export function filterCases(): readonly HostileCase[] {
  return [...enormous, ...tooMuch, ...broken, ...costly, ...oracles]
}

// Longer than the limits of filters, strings and request lines.
const enormous: readonly HostileCase[] = ['(', 'not(', '"', 'a eq 1 and ', 'a.a.', 'a[', '\\', ')', ' '].flatMap(
  (unit) => {
    const filter = unit.repeat(million / unit.length)
    return [
      hostile(
        `1 MB of ${unit} as a filter in the request target`,
        get(`/Users?filter=${filter.replaceAll(' ', '+').replaceAll('"', '%22').replaceAll('\\', '%5C')}`),
        [400, 414],
        { platform: [414, 431] },
      ),
      hostile(`1 MB of ${unit} as a filter in a search`, filterInBody(filter), [400, 413]),
    ]
  },
)

// Short enough to reach the parser, and above the limits of depth or terms.
const tooMuch: readonly HostileCase[] = Object.entries({
  'parentheses to the last character': '('.repeat(longest),
  'nots to the last character': 'not('.repeat(longest / 4),
  'nots with blanks': 'not ('.repeat(3_200),
  'brackets to the last character': 'emails['.repeat(2_340),
  'closed parentheses, 1,000 deep': `${'('.repeat(1_000)}userName pr${')'.repeat(1_000)}`,
  'closed nots, 400 deep': `${'not('.repeat(400)}userName pr${')'.repeat(400)}`,
  'parentheses, 40 deep': `${'('.repeat(40)}userName pr${')'.repeat(40)}`,
  'more than 100 terms': Array.from({ length: 101 }, () => 'title pr').join(' or '),
  'more than 20 value paths': Array.from({ length: 21 }, () => 'emails[type eq "x"]').join(' or '),
  'one character more than 16,384': `userName eq "${'x'.repeat(longest + 1 - 14)}"`,
}).flatMap(([what, filter]) => inBoth(what, filter, [400]))

const broken: readonly HostileCase[] = Object.entries({
  'quotes to the last character': '"'.repeat(longest),
  'backslashes to the last character': `userName eq "${'\\\\'.repeat(longest / 2 - 7)}`,
  'a text that does not end': 'userName eq "abc',
  'a text that ends in a backslash': 'userName eq "abc\\"',
  'an unknown escape': 'userName eq "\\x41"',
  'half an escape': 'userName eq "\\u00"',
  'a lone surrogate escaped': 'userName eq "\\ud800"',
  'U+0000 escaped': 'userName eq "a\\u0000"',
  'U+0000 raw': 'userName eq "a\u0000"',
  'a control character raw': 'userName eq "a\nb"',
  'an operator without operands': 'and',
  'an attribute alone': 'userName',
  'an operator of no kind': 'userName like "x"',
  'two values': 'userName eq "x" "y"',
  'a comparison of values': '"a" eq "a"',
  'an object as value': 'userName eq {}',
  'a list as value': 'userName eq []',
  'a number of no kind': 'userName eq 1.2.3',
  'parentheses that close first': ')userName pr(',
  'empty parentheses': '()',
  'brackets within brackets': 'emails[type[value pr]]',
  'empty brackets': 'emails[]',
  'brackets that do not close': 'emails[type eq "work"',
  'ordering booleans': 'active gt true',
  'an expression of some template language': '#{7*7} eq "x"',
  SQL: "userName eq 'x' or 1=1 --",
}).flatMap(([what, filter]) => inBoth(what, filter, [400]))

// Valid, and fast for a server that neither rewrites to a normal form nor uses a backtracking regular expression.
const costly: readonly HostileCase[] = Object.entries({
  '15 pairs of ORs under one AND': Array.from(
    { length: 15 },
    (_, i) => `(userName eq "a${i}" or displayName eq "b${i}")`,
  ).join(' and '),
  '100 terms to the last character': Array.from(
    { length: 100 },
    (_, i) => `emails.value co "${'a'.repeat(129)}!${i}"`,
  ).join(' or '),
  'one text to the last character': `userName co "${'a'.repeat(longest - 15)}!"`,
  '100 terms': Array.from({ length: 100 }, (_, i) => `title eq "${i}"`).join(' or '),
  'parentheses, 15 deep': `${'('.repeat(15)}userName pr${')'.repeat(15)}`,
  'a text that makes a regular expression backtrack': `userName co "${'a'.repeat(1_000)}!"`,
  'a regular expression as value': 'userName co "(a+)+$"',
  'wildcards of SQL': 'userName sw "%_%" or userName co "[a-z]*"',
}).flatMap(([what, filter]) => inBoth(what, filter, [200]))

// Names of no attribute: matching nothing and refusing are both correct, reading a prototype is not.
const oracles: readonly HostileCase[] = [
  '__proto__ pr',
  'constructor pr',
  'constructor.name eq "Object"',
  'prototype eq null',
  'name.__proto__ pr',
  'emails[__proto__ pr]',
  'toString pr',
  'hasOwnProperty eq "x"',
  'emails.length ge 0',
  'userName.length ge 0',
].flatMap((filter) => inBoth(`a filter on ${filter}`, filter, [200, 400]))

function inBoth(what: string, filter: string, statuses: readonly number[]): readonly HostileCase[] {
  const inTarget = filterInTarget(filter)
  return [
    // Percent-encoded it may exceed the request line limit of a platform.
    hostile(`${what}, in the request target`, inTarget, inTarget.path.length > 16_000 ? [...statuses, 414] : statuses, {
      platform: [431],
    }),
    hostile(`${what}, in a search`, filterInBody(filter), statuses),
  ]
}

/** Searches with other invalid members. */
export function searchCases(): readonly HostileCase[] {
  const wrong = ['"filter":1', '"filter":{}', '"filter":["userName pr"]', '"attributes":1', '"attributes":[1]']
  const numbers = ['1e999', '-1e999', '1e308', '9007199254740993', '-5', '1.5', '"abc"', 'true', '{}', '[]', 'null']
  return [
    ...wrong.map((members) => citing('RFC 7644 §3.4.3')(`a search with ${members}`, search(members), [400])),
    ...numbers.flatMap((number) =>
      ['startIndex', 'count'].map((name) =>
        citing('RFC 7644 §3.4.2.4')(`a search with ${name} ${number}`, search(`"${name}":${number}`), [200, 400]),
      ),
    ),
  ]
}
