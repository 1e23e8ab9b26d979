/**
 * Converts filter text to a {@link Filter} over one resource type. Recursive descent, but every opening parenthesis or
 * bracket is counted before it is entered, so no text is deep enough to exhaust the stack.
 * @see RFC 7644 §3.4.2.2, figure 1 (errata 7319: `not (`; 7322: no value path inside brackets)
 */
import { type ScimError, scimError } from '../errors.js'
import type { InteropSwitches } from '../interop.js'
import type { Limits } from '../limits.js'
import type { AttributePath, ResourceType } from '../schema/attribute.js'
import type { CompareFilter, CompareOperator, Filter, FilterPath } from './ast.js'
import { type Literal, noValue, operandFor } from './comparison-value.js'
import { amongReadable } from './readable-elements.js'
import { refuseSensitiveParts } from './sensitive.js'
import { type FindPath, knownPath, partsOf, pathsOfType, withValuePart } from './term-path.js'
import { bareValueAt, numberOf, type Token, tokenAt, unexpected } from './tokens.js'

/** The limits of a filter. */
export type FilterLimits = Pick<Limits, 'filterLength' | 'filterDepth' | 'filterTerms' | 'filterValuePaths'>

/**
 * The filter in the text. An empty text is not a filter: the caller decides before whether it is allowed. Throws 400
 * invalidFilter with the position, or 403 sensitive when it names a secret.
 * @see RFC 7644 §3.4.2.2
 */
export function parseFilter(text: string, type: ResourceType, interop: InteropSwitches, limits: FilterLimits): Filter {
  return parseAll(text, pathsOfType(type, interop), false, interop, limits)
}

/**
 * The filter inside the brackets of a PATCH path, without them: `type eq "work"` of `emails[type eq "work"].value`.
 * `attribute` is the path before the brackets; paths inside are relative to one element, for `evaluateElement`.
 * Throws like {@link parseFilter}; places are counted from the opening bracket.
 * @see RFC 7644 §3.5.2, figure 7 (`valuePath`)
 */
export function parseBracketFilter(
  text: string,
  attribute: AttributePath,
  interop: InteropSwitches,
  limits: FilterLimits,
): Filter {
  const path = knownPath(attribute)
  return amongReadable(path, parseAll(text, partsOf(path, interop), true, interop, limits))
}

/** The state of one run of the parser: the next token, and how much of each limit is used. */
interface Parser {
  readonly text: string
  readonly interop: InteropSwitches
  readonly limits: FilterLimits
  token: Token
  find: FindPath
  insideBrackets: boolean
  depth: number
  terms: number
  valuePaths: number
}

function parseAll(
  text: string,
  find: FindPath,
  insideBrackets: boolean,
  interop: InteropSwitches,
  limits: FilterLimits,
): Filter {
  if (text.length > limits.filterLength) throw tooMuch(`${limits.filterLength} characters`)
  const token = tokenAt(text, 0)
  const parser: Parser = { text, interop, limits, token, find, insideBrackets, depth: 0, terms: 0, valuePaths: 0 }
  const filter = parseOr(parser)
  if (parser.token.kind !== 'end') throw unexpected(parser.token.at, 'and, or, or the end of the filter')
  return filter
}

function parseOr(parser: Parser): Filter {
  const terms = [parseAnd(parser)]
  while (takeKeyword(parser, 'or')) terms.push(parseAnd(parser))
  return joined('or', terms)
}

function parseAnd(parser: Parser): Filter {
  const terms = [parseFactor(parser)]
  while (takeKeyword(parser, 'and')) terms.push(parseFactor(parser))
  return joined('and', terms)
}

function parseFactor(parser: Parser): Filter {
  const { token } = parser
  if (token.kind === '(') return parseGroup(parser)
  if (token.kind !== 'word') throw unexpected(token.at, 'an attribute, not or a parenthesis')
  advance(parser)
  if (parser.token.kind === '(' && token.text.toLowerCase() === 'not') return { kind: 'not', term: parseGroup(parser) }
  const path = parser.find(token.text, token.at)
  if (parser.token.kind === '[') return parseValuePath(parser, path, token.at)
  return parseTerm(parser, path, token.at)
}

function parseGroup(parser: Parser): Filter {
  enter(parser)
  const filter = parseOr(parser)
  leave(parser, ')', 'and, or, or a closing parenthesis')
  return filter
}

function parseValuePath(parser: Parser, path: FilterPath, at: number): Filter {
  if (parser.insideBrackets) throw unexpected(parser.token.at, 'an operator: brackets do not nest')
  if (path.known && (path.attribute === undefined || path.sub !== undefined)) {
    throw unexpected(at, 'a whole attribute before the brackets')
  }
  parser.valuePaths += 1
  if (parser.valuePaths > parser.limits.filterValuePaths) throw tooMuch(`${parser.limits.filterValuePaths} value paths`)
  const outer = parser.find
  parser.find = partsOf(path, parser.interop)
  parser.insideBrackets = true
  enter(parser)
  const filter = parseOr(parser)
  leave(parser, ']', 'and, or, or a closing bracket')
  const part = parsePartAfterBrackets(parser)
  parser.find = outer
  parser.insideBrackets = false
  const whole = part === undefined ? filter : joined('and', [filter, part])
  return { kind: 'valuePath', path, filter: amongReadable(path, whole) }
}

// Entra ID: `emails[type eq "work"].value eq "x"`, which the grammar lacks, means that one element satisfies both.
function parsePartAfterBrackets(parser: Parser): Filter | undefined {
  const { token } = parser
  if (token.kind !== 'word' || !token.text.startsWith('.')) return undefined
  if (!parser.interop.subAttributeAfterBrackets) throw unexpected(token.at, 'no sub-attribute after the brackets')
  advance(parser)
  return parseTerm(parser, parser.find(token.text.slice(1), token.at + 1), token.at + 1)
}

function parseTerm(parser: Parser, path: FilterPath, at: number): Filter {
  parser.terms += 1
  if (parser.terms > parser.limits.filterTerms) throw tooMuch(`${parser.limits.filterTerms} comparisons`)
  const { token } = parser
  const operator = token.kind === 'word' ? token.text.toLowerCase() : ''
  if (operator === 'pr') {
    advance(parser)
    if (path.known) refuseSensitiveParts(path)
    return { kind: 'present', path }
  }
  if (!isCompareOperator(operator)) throw unexpected(token.at, `an operator (${compareOperators.join(', ')}, pr)`)
  const literal = takeLiteral(parser, token.end)
  return comparison(path, at, operator, token.at, literal, parser.interop)
}

function comparison(
  path: FilterPath,
  at: number,
  operator: CompareOperator,
  operatorAt: number,
  literal: Literal,
  interop: InteropSwitches,
): CompareFilter {
  if (literal.value === null) {
    if (path.known) refuseSensitiveParts(path)
    return { kind: 'compare', path, operator, ...noValue(operator, operatorAt) }
  }
  if (!path.known) return { kind: 'compare', path, operator, value: literal.value, key: literal.value }
  const compared = interop.complexComparesValue ? withValuePart(path) : path
  if (compared.compared === undefined) throw unexpected(at, 'a sub-attribute, since this attribute is complex')
  return {
    kind: 'compare',
    path: compared,
    operator,
    ...operandFor(compared.compared, operator, operatorAt, literal, interop),
  }
}

function takeLiteral(parser: Parser, from: number): Literal {
  const token =
    (parser.interop.acceptUnquotedFilterValues && bareValueAt(parser.text, from)) || tokenAt(parser.text, from)
  parser.token = tokenAt(parser.text, token.end)
  if (token.kind === 'string') return { at: token.at, value: token.value, bare: undefined }
  if (token.kind === 'word') {
    const value = bareLiteral(token.text, parser.interop)
    if (value !== undefined) return { at: token.at, value, bare: token.text }
  }
  throw unexpected(token.at, 'a string in quotes, a number, true, false or null')
}

function bareLiteral(word: string, interop: InteropSwitches): Literal['value'] | undefined {
  const lower = word.toLowerCase()
  if (lower === 'true') return true
  if (lower === 'false') return false
  if (lower === 'null') return null
  return numberOf(word) ?? (interop.acceptUnquotedFilterValues ? word : undefined)
}

const compareOperators: readonly CompareOperator[] = ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le']

function isCompareOperator(word: string): word is CompareOperator {
  return (compareOperators as readonly string[]).includes(word)
}

// One AST per meaning: an `and` within an `and` is the same `and`.
function joined(kind: 'and' | 'or', terms: readonly Filter[]): Filter {
  const [only] = terms
  if (only !== undefined && terms.length === 1) return only
  return { kind, terms: terms.flatMap((term) => (term.kind === kind ? term.terms : [term])) }
}

function takeKeyword(parser: Parser, keyword: 'and' | 'or'): boolean {
  if (parser.token.kind !== 'word' || parser.token.text.toLowerCase() !== keyword) return false
  advance(parser)
  return true
}

function enter(parser: Parser): void {
  parser.depth += 1
  if (parser.depth > parser.limits.filterDepth) throw tooMuch(`${parser.limits.filterDepth} levels of nesting`)
  advance(parser)
}

function leave(parser: Parser, closing: ')' | ']', expected: string): void {
  if (parser.token.kind !== closing) throw unexpected(parser.token.at, expected)
  parser.depth -= 1
  advance(parser)
}

function advance(parser: Parser): void {
  parser.token = tokenAt(parser.text, parser.token.end)
}

function tooMuch(limit: string): ScimError {
  return scimError.invalidFilter(`The filter is too large: at most ${limit}.`)
}
