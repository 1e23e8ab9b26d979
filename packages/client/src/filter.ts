/**
 * Filters whose values cannot break out of their quotes.
 * @see RFC 7644 §3.4.2.2, figure 1; RFC 8259 §7
 */
import { afterText, type Place, start } from './filter-place.js'

const brand: unique symbol = Symbol.for('@scimkit/client filter')

/** A filter that is fit to be sent: made by {@link filter} or {@link rawFilter}; text alone is none. */
export interface Filter {
  readonly [brand]: true
  /** As it is sent, before it is encoded for a URL. */
  readonly text: string
}

/** The name of an attribute that is only known when the program runs; made by {@link attributeName}. */
export interface AttributeName {
  readonly [nameBrand]: true
  readonly name: string
}

const nameBrand: unique symbol = Symbol.for('@scimkit/client attribute name')

/** What may stand in the gaps of a {@link filter}. */
export type FilterValue = string | number | boolean | null | Date | Filter | AttributeName

/**
 * A filter from a template: `` filter`userName eq ${name} and active eq ${true}` ``. Values take the place of values
 * and are escaped as JSON; dates become text like "2011-05-13T04:42:34.000Z". A filter takes the place of a term, and
 * is put in parentheses. An attribute that is not written out is given by {@link attributeName}.
 * Throws a TypeError if a value stands where it could be taken for something else: in the place of a name, within
 * quotes; or is `undefined` or no finite number; or if quotes, parentheses or brackets do not match.
 */
export function filter(template: TemplateStringsArray, ...values: readonly FilterValue[]): Filter {
  let text = ''
  let place = start
  template.raw.forEach((_, i) => {
    const part = template[i]
    if (part === undefined) throw new TypeError('filter: the template holds an escape that means nothing')
    text += part
    place = afterText(place, part)
    if (i === values.length) return
    const whole = template.length === 2 && part.trim() === '' && (template[1] ?? '').trim() === ''
    const inserted = textOf(values[i], place, i + 1, whole)
    text += inserted
    place = afterText(place, inserted)
  })
  if (place.open === '"') throw new TypeError('filter: a quote is not closed')
  if (place.open !== '') throw new TypeError(`filter: "${place.open.at(-1)}" is not closed`)
  if (text.trim() === '') throw new TypeError('filter: it is empty; leave it out instead')
  return branded(text.trim())
}

/**
 * Text as a filter, unchecked: for filters that a person has typed, or that were kept. Never build one from values;
 * that is what {@link filter} is for.
 */
export function rawFilter(text: string): Filter {
  return branded(text)
}

/**
 * The name or path of an attribute: `userName`, `name.givenName`, `urn:…:User:department`. Throws a TypeError if the
 * text is none.
 * @see RFC 7644 §3.10
 */
export function attributeName(name: string): AttributeName {
  const isUrn = name.slice(0, 4).toLowerCase() === 'urn:'
  const starts = isLetter(name[0] ?? '') || name[0] === '$'
  const fits = [...name].every((character) => isNameCharacter(character) || (isUrn && ':+%~!*'.includes(character)))
  if (!starts || !fits) throw new TypeError('attributeName: this is no name of an attribute')
  return Object.freeze({ [nameBrand]: true as const, name })
}

/** True for what {@link filter} and {@link rawFilter} make. */
export function isFilter(value: unknown): value is Filter {
  return typeof value === 'object' && value !== null && brand in value
}

function branded(text: string): Filter {
  return Object.freeze({ [brand]: true as const, text })
}

function isAttributeName(value: unknown): value is AttributeName {
  return typeof value === 'object' && value !== null && nameBrand in value
}

// `position` counts from 1, as a person counts the gaps of a template.
function textOf(value: FilterValue | undefined, place: Place, position: number, whole: boolean): string {
  const complain = (what: string): TypeError => new TypeError(`filter: value ${position} ${what}`)
  if (place.open === '"') throw complain('stands within quotes; leave the quotes out, they are made for you')
  if (isFilter(value)) {
    if (place.expects !== 'term') throw complain('is a filter, and can only stand where a condition can')
    return whole ? value.text : `(${value.text})`
  }
  if (isAttributeName(value)) {
    if (place.expects !== 'term') throw complain('is the name of an attribute, and stands where none can')
    return value.name
  }
  if (place.expects !== 'value') {
    throw complain('must follow an operator (eq, ne, co …); names are written out, or given by attributeName()')
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
  throw complain(`is ${typeof value === 'number' ? 'no finite number' : typeof value}, which no filter can hold`)
}

function isNameCharacter(character: string): boolean {
  return isLetter(character) || (character >= '0' && character <= '9') || '-_.$:'.includes(character)
}

function isLetter(character: string): boolean {
  return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z')
}
