import { setTimeout as sleep } from 'node:timers/promises'
import { createClient } from '@scimkit/client'
import { token } from './office.js'

/** What the identity provider has written last, by person. */
export type LastTitles = ReadonlyMap<string, string>

/** Changes titles without If-Match, as identity providers do, until `running` says no. */
export async function synchronise(
  url: string,
  people: readonly string[],
  running: () => boolean,
  written: () => void,
): Promise<LastTitles> {
  const { users } = createClient(url, { token, ifMatch: false })
  const last = new Map<string, string>()
  for (let i = 0; running(); i++) {
    const id = people[(i * 7) % people.length] ?? ''
    const title = `Title ${i}`
    await users.patch(id, [{ op: 'replace', path: 'title', value: title }])
    last.set(id, title)
    written()
    await sleep(4)
  }
  return last
}
