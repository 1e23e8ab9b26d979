/** What tests do with a server that runs as its own process. */
import type { Served } from './command.js'
import { scimJson } from './user.js'

/** The flags of a server without a log. */
export const quiet = ['--log', 'silent']

/** The token that a server has printed. */
export function shownToken({ output }: Pick<Served, 'output'>): string {
  const token = /^token (scimkit_[0-9a-f]{72})$/m.exec(output.stderr)?.[1]
  if (token === undefined) throw new Error(`no token in: ${output.stderr}`)
  return token
}

/** Creates a user. */
export const post = ({ agent, root }: Served, token: string, text: string) =>
  agent.post(`${root}/Users`).auth(token, { type: 'bearer' }).type(scimJson).send(text)

/** The number of users, or the status of a failure. */
export const total = async ({ agent, root }: Served, token: string, rest = ''): Promise<unknown> => {
  const { status, body } = await agent.get(`${root}/Users?count=0${rest}`).auth(token, { type: 'bearer' })
  return status === 200 ? body.totalResults : status
}

/** Sends a signal and returns the exit code. */
export async function end({ child, exited }: Served, signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null> {
  child.kill(signal)
  return exited
}
