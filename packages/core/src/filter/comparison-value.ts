/**
 * The value of a comparison, converted to the attribute's type. A value that does not fit is an error of the client and
 * is reported: with a silent "no match" the client would believe that no resource has that value.
 * @see RFC 7644 §3.4.2.2, table 3; RFC 7643 §2.3
 */
import type { InteropSwitches } from '../interop.js'
import type { Attribute } from '../schema/attribute.js'
import type { AttributeType } from '../schema/schema-definition.js'
import { keyOf } from '../schema/value-key.js'
import type { CompareFilter, CompareOperator } from './ast.js'
import { searchedText } from './evaluation/compare-key.js'
import { unexpected } from './tokens.js'

/** A value as it is written in the filter; `bare` is the text of one without quotes. */
export interface Literal {
  readonly at: number
  readonly value: string | number | boolean | null
  readonly bare: string | undefined
}

/** Value and key of a comparison. Throws 400 invalidFilter if operator or value do not fit the type. */
export function operandFor(
  attribute: Attribute,
  operator: CompareOperator,
  operatorAt: number,
  literal: Literal,
  interop: InteropSwitches,
): Pick<CompareFilter, 'value' | 'key'> {
  if (!operatorsOf(attribute.type).includes(operator)) {
    const fitting = operatorsOf(attribute.type).join(', ')
    throw unexpected(operatorAt, `one of ${fitting}, pr for the ${attribute.type} "${attribute.path}"`)
  }
  const value = coerced(attribute, literal, interop)
  const key = isSearch(operator) ? searchedText(attribute, value) : keyOf(attribute, value)
  if (key === undefined) throw unexpected(literal.at, `${valueNames[attribute.type]} for "${attribute.path}"`)
  return { value, key }
}

/** The operand `null`: only equality supports it. Throws 400 invalidFilter for other operators. */
export function noValue(operator: CompareOperator, operatorAt: number): { readonly value: null; readonly key: null } {
  if (operator !== 'eq' && operator !== 'ne') throw unexpected(operatorAt, 'eq or ne before null')
  return { value: null, key: null }
}

const equality: readonly CompareOperator[] = ['eq', 'ne']
const search: readonly CompareOperator[] = ['co', 'sw', 'ew']
const order: readonly CompareOperator[] = ['gt', 'ge', 'lt', 'le']

const operatorsByType: Readonly<Record<AttributeType, readonly CompareOperator[]>> = {
  string: [...equality, ...search, ...order],
  reference: [...equality, ...search, ...order],
  dateTime: [...equality, ...search, ...order],
  binary: [...equality, ...search],
  integer: [...equality, ...order],
  decimal: [...equality, ...order],
  boolean: equality,
  complex: [],
}

function operatorsOf(type: AttributeType): readonly CompareOperator[] {
  return operatorsByType[type]
}

function isSearch(operator: CompareOperator): boolean {
  return search.includes(operator)
}

function coerced(attribute: Attribute, literal: Literal, interop: InteropSwitches): string | number | boolean | null {
  if (attribute.type === 'boolean') return interop.stringBooleans ? booleanOf(literal.value) : literal.value
  if (attribute.type === 'integer' || attribute.type === 'decimal') return literal.value
  if (interop.acceptUnquotedFilterValues && literal.bare !== undefined) return literal.bare
  const isDigits = attribute.type === 'string' && interop.integersForStrings && Number.isSafeInteger(literal.value)
  return isDigits ? String(literal.value) : literal.value
}

function booleanOf(value: Literal['value']): Literal['value'] {
  const lower = typeof value === 'string' ? value.toLowerCase() : value
  return lower === 'true' ? true : lower === 'false' ? false : value
}

const valueNames: Readonly<Record<AttributeType, string>> = {
  string: 'a string in quotes',
  reference: 'a reference in quotes',
  binary: 'Base64 text in quotes',
  dateTime: 'a time like "2011-05-13T04:42:34Z"',
  integer: 'a number',
  decimal: 'a number',
  boolean: 'true or false',
  complex: 'nothing',
}
