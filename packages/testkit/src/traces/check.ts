import type { ExchangeResponse } from '../exchange.js'
import { at, isUnassigned, shown } from './json.js'
import { difference } from './match.js'
import { TraceMismatch } from './mismatch.js'
import type { TraceExpectation } from './trace.js'
import { fill, fillText, type Variables } from './variables.js'

/** Compares one response with the expectation of the trace, and saves the values for later steps. Throws {@link TraceMismatch}. */
export function check(response: ExchangeResponse, expectation: TraceExpectation, variables: Variables): void {
  checkStatus(response, expectation.status)
  for (const [name, wanted] of Object.entries(expectation.headers ?? {})) {
    checkHeader(name, wanted === null ? null : fillText(wanted, variables), response.headers[name.toLowerCase()])
  }
  saveHeaders(response, expectation, variables)
  if (response.status === 204 && response.body === '') return
  checkBody(response, expectation, variables)
  saveValues(response, expectation, variables)
}

function checkStatus(response: ExchangeResponse, wanted: TraceExpectation['status']): void {
  if (wanted === undefined || [wanted].flat().includes(response.status)) return
  throw new TraceMismatch(`status: expected ${shown(wanted)}, got ${response.status} (${shown(response.body)})`)
}

function checkHeader(name: string, wanted: string | null, actual: string | undefined): void {
  if (wanted === null) {
    if (actual !== undefined) throw new TraceMismatch(`header ${name}: expected none, got ${shown(actual)}`)
    return
  }
  if (actual === undefined) throw new TraceMismatch(`header ${name}: missing`)
  if (!headerMatches(name, wanted, actual)) {
    throw new TraceMismatch(`header ${name}: expected ${shown(wanted)}, got ${shown(actual)}`)
  }
}

function headerMatches(name: string, wanted: string, actual: string): boolean {
  if (wanted === '*' || wanted === actual) return true
  const [, pattern, flags] = /^\/(.*)\/([a-z]*)$/.exec(wanted) ?? []
  if (pattern !== undefined) return new RegExp(pattern, flags).test(actual)
  const withoutParameters = actual.split(';')[0]?.trim().toLowerCase()
  return name.toLowerCase() === 'content-type' && withoutParameters === wanted.toLowerCase()
}

function checkBody(response: ExchangeResponse, expectation: TraceExpectation, variables: Variables): void {
  if (expectation.bodyIncludes !== undefined) {
    const why = difference(parsed(response, 'bodyIncludes'), fill(expectation.bodyIncludes, variables))
    if (why !== undefined) throw new TraceMismatch(`body ${why}`)
  }
  for (const pointer of expectation.bodyAbsent ?? []) {
    const value = at(parsed(response, 'bodyAbsent'), fillText(pointer, variables))
    if (!isUnassigned(value)) throw new TraceMismatch(`body ${pointer}: expected no value, got ${shown(value)}`)
  }
  for (const { at: pointer, match } of expectation.bodyExcludes ?? []) {
    const list = at(parsed(response, 'bodyExcludes'), pointer)
    const unwanted = fill(match, variables)
    const found = Array.isArray(list) ? list.find((one) => difference(one, unwanted) === undefined) : undefined
    if (found !== undefined) {
      throw new TraceMismatch(`body ${pointer}: no element may match ${shown(unwanted)}, found ${shown(found)}`)
    }
  }
}

function saveValues(response: ExchangeResponse, expectation: TraceExpectation, variables: Variables): void {
  for (const [name, source] of Object.entries(expectation.save ?? {})) {
    if (!source.startsWith('header:')) keep(name, source, at(parsed(response, 'save'), source), variables)
  }
}

function saveHeaders(response: ExchangeResponse, expectation: TraceExpectation, variables: Variables): void {
  for (const [name, source] of Object.entries(expectation.save ?? {})) {
    if (!source.startsWith('header:')) continue
    keep(name, source, response.headers[source.slice('header:'.length).toLowerCase()], variables)
  }
}

function keep(name: string, source: string, value: unknown, variables: Variables): void {
  if (value === undefined || value === null) throw new TraceMismatch(`save ${name}: nothing at ${source}`)
  variables.set(name, value)
}

function parsed(response: ExchangeResponse, why: string): unknown {
  try {
    return JSON.parse(response.body)
  } catch {
    throw new TraceMismatch(`${why}: the response body is ${response.body === '' ? 'empty' : 'not JSON'}`)
  }
}
