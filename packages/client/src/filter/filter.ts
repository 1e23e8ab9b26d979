/**
 * Filters whose values cannot break out of their quotes.
 * @see RFC 7644 §3.4.2.2, figure 1; RFC 8259 §7
 */
import { afterText, type Position, start } from './position.js'

const brand: unique symbol = Symbol.for('@scimkit/client filter')

/** A filter that can be sent: created by {@link filter} or {@link rawFilter}; a string alone is not a filter. */
export interface Filter {
  readonly [brand]: true
  /** The filter text, before percent-encoding. */
  readonly text: string
}

/** The name of an attribute that is only known at run time; created by {@link attributeName}. */
export interface AttributeName {
  readonly [nameBrand]: true
  readonly name: string
}

const nameBrand: unique symbol = Symbol.for('@scimkit/client attribute name')

/** The values that a {@link filter} template can contain. */
export type FilterValue = string | number | boolean | null | Date | Filter | AttributeName

/**
 * Creates a filter from a template: `` filter`userName eq ${name} and active eq ${true}` ``. Values are only accepted as
 * operands and are escaped as JSON; dates become text like "2011-05-13T04:42:34.000Z". A filter is only accepted as a
 * condition and is put in parentheses. For an attribute name from a variable, use {@link attributeName}.
 * Throws a TypeError if a value is in the position of a name or within quotes; if it is `undefined` or not a finite
 * number; or if quotes, parentheses or brackets do not match.
 * @example
 * ```ts
 * import { filter } from '@scimkit/client'
 *
 * const name = 'O"Brien'
 * const query = filter`name.familyName eq ${name} and active eq ${true}`
 * ```
 */
export function filter(template: TemplateStringsArray, ...values: readonly FilterValue[]): Filter {
  let text = ''
  let position = start
  template.raw.forEach((_, i) => {
    const part = template[i]
    if (part === undefined) throw new TypeError('filter: invalid escape sequence in the template')
    text += part
    position = afterText(position, part)
    if (i === values.length) return
    const whole = template.length === 2 && part.trim() === '' && (template[1] ?? '').trim() === ''
    const inserted = textOf(values[i], position, i + 1, whole)
    text += inserted
    position = afterText(position, inserted)
  })
  if (position.open === '"') throw new TypeError('filter: unclosed quote')
  if (position.open !== '') throw new TypeError(`filter: unclosed "${position.open.at(-1)}"`)
  if (text.trim() === '') throw new TypeError('filter: the filter is empty; omit the option instead')
  return branded(text.trim())
}

/**
 * Uses a text as a filter, unchecked: for filters that a person typed, or that were stored. Never build one from values;
 * use {@link filter} for that.
 */
export function rawFilter(text: string): Filter {
  return branded(text)
}

/**
 * The name or path of an attribute: `userName`, `name.givenName`, `urn:…:User:department`. Throws a TypeError if the
 * text is not a valid attribute path.
 * @see RFC 7644 §3.10
 */
export function attributeName(name: string): AttributeName {
  const isUrn = name.slice(0, 4).toLowerCase() === 'urn:'
  const starts = isLetter(name[0] ?? '') || name[0] === '$'
  const fits = [...name].every((character) => isNameCharacter(character) || (isUrn && ':+%~!*'.includes(character)))
  if (!starts || !fits) throw new TypeError('attributeName: not a valid attribute name')
  return Object.freeze({ [nameBrand]: true as const, name })
}

/** True for results of {@link filter} and {@link rawFilter}. */
export function isFilter(value: unknown): value is Filter {
  return typeof value === 'object' && value !== null && brand in value
}

function branded(text: string): Filter {
  return Object.freeze({ [brand]: true as const, text })
}

function isAttributeName(value: unknown): value is AttributeName {
  return typeof value === 'object' && value !== null && nameBrand in value
}

// `ordinal` counts the values of the template from 1.
function textOf(value: FilterValue | undefined, position: Position, ordinal: number, whole: boolean): string {
  const complain = (what: string): TypeError => new TypeError(`filter: value ${ordinal} ${what}`)
  if (position.open === '"') throw complain('is within quotes; remove the quotes, they are added automatically')
  if (isFilter(value)) {
    if (position.expects !== 'term')
      throw complain('is a filter; a filter is only allowed in the position of a condition')
    return whole ? value.text : `(${value.text})`
  }
  if (isAttributeName(value)) {
    if (position.expects !== 'term') throw complain('is an attribute name in a position where none is allowed')
    return value.name
  }
  if (position.expects !== 'value') {
    throw complain('must follow an operator (eq, ne, co …); write names in the template, or use attributeName()')
  }
  return literal(value, complain)
}

function literal(
  value: Exclude<FilterValue, Filter | AttributeName> | undefined,
  complain: (what: string) => TypeError,
): string {
  if (value instanceof Date) {
    if (Number.isNaN(value.getTime())) throw complain('is an invalid date')
    return JSON.stringify(value.toISOString())
  }
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value)
  if (typeof value === 'number' && Number.isFinite(value)) return JSON.stringify(value)
  throw complain(
    `is ${typeof value === 'number' ? 'not a finite number' : typeof value}, which a filter cannot contain`,
  )
}

function isNameCharacter(character: string): boolean {
  return isLetter(character) || (character >= '0' && character <= '9') || '-_.$:'.includes(character)
}

function isLetter(character: string): boolean {
  return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z')
}
