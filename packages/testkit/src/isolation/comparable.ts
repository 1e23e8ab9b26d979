import type { ExchangeResponse } from '../exchange.js'
import type { Named } from './attacks.js'

const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g
const time = /\d{4}-\d\d-\d\dT[\d:.]+Z/g
const tag = /W\/\\?"[^"\\]*\\?"/g
// They differ between any two responses, or follow from the body.
const ignored: readonly string[] = ['x-request-id', 'date', 'content-length']

/** A response as its sender may compare it: what the request named, new ids, times and versions have a fixed text. */
export function comparable({ status, headers, body }: ExchangeResponse, named: Named | undefined): string {
  const shown = Object.entries(headers).filter(([name]) => !ignored.includes(name))
  const text = `${status} ${JSON.stringify(Object.fromEntries(shown.sort()))} ${body}`
  const { userId, groupId, userName, displayName, externalId } = named ?? {}
  const texts = { userId, groupId, userName, displayName, externalId }
  let result = text
  for (const [label, value] of Object.entries(texts)) {
    if (value !== undefined) result = result.replaceAll(value, `{${label}}`)
  }
  return result.replace(tag, '{tag}').replace(uuid, '{id}').replace(time, '{time}')
}

/** The ids in a text. */
export function idsIn(text: string): readonly string[] {
  return text.match(uuid) ?? []
}

/** The paths of the resources that a response says were created. */
export function createdPaths({ status, headers, body }: ExchangeResponse): readonly string[] {
  const pathOf = (location: string): string => location.split('/').slice(-2).join('/')
  if (status === 201 && headers.location !== undefined) return [`/${pathOf(headers.location)}`]
  if (status !== 200 || !body.includes('BulkResponse')) return []
  const { Operations } = JSON.parse(body) as {
    readonly Operations: readonly { readonly status: string; readonly location?: string }[]
  }
  return Operations.flatMap(({ status: each, location }) =>
    each === '201' && location !== undefined ? [`/${pathOf(location)}`] : [],
  )
}
