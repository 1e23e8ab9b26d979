import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { noAuthentication } from '@scimkit/core'
import { httpRouter } from '@scimkit/express-adapter'
import { scimMcp } from '@scimkit/mcp'
import express from 'express'
import { listen } from '../../stage/serve.js'
import { shortened } from '../../stage/story.js'
import { made, type Scene } from '../scene.js'

interface Result {
  readonly outcome: string
  readonly version?: string
  readonly currentVersion?: string
  readonly changed?: readonly string[]
  readonly resource?: Readonly<Record<string, unknown>>
  readonly nextStep?: string
}

/** An agent thinks while a person writes: the conflict is a result, which says what to do next. */
export async function anAgentInConflict(scene: Scene): Promise<void> {
  const { story, desk, provider } = scene
  story.chapter('An agent in conflict')
  story.say(
    'An AI agent has tools for the same directory, by the Model Context Protocol. Each result has the version, and each ' +
      'write must name it. The agent reads the record of Niklaus, and thinks about his title:',
  )
  const { id } = await made(scene, 'niklaus')
  const served = await listen(express().use(httpRouter(scimMcp({ provider, authenticate: noAuthentication() }))))
  const client = new Client({ name: 'tour', version: '1' }, { versionNegotiation: { mode: { pin: '2026-07-28' } } })
  await client.connect(new StreamableHTTPClientTransport(new URL('/mcp', served.url)))
  const call = async (name: string, given: Readonly<Record<string, unknown>>): Promise<Result> =>
    (await client.callTool({ name, arguments: { ...given } })).structuredContent as unknown as Result
  try {
    const read = await call('get_user', { id })
    story.show(`→ get_user`, `← ${read.outcome}, version ${read.version}`)
    story.check(
      'the version of the tool is that of the entity tag',
      `W/"${read.version}"`,
      (await desk.users.get(id)).meta?.version,
    )
    await desk.users.update(id, (user) => ({ ...user, nickName: 'NW' }))
    story.say('Meanwhile the help desk adds a nickname. Then the agent writes:')
    const operations = [{ op: 'replace', path: 'title', value: 'Professor' }]
    const given = { id, expectedVersion: read.version, operations }
    const conflict = await call('patch_user', given)
    story.show(
      `→ patch_user expectedVersion ${read.version}`,
      `← ${conflict.outcome}, currentVersion ${conflict.currentVersion}, changed: ${(conflict.changed ?? []).join(', ')}`,
    )
    story.check(
      'the write is a conflict, and the agent sees the current state',
      [conflict.outcome, conflict.resource?.nickName],
      ['conflict', 'NW'],
    )
    story.say(shortened(conflict.nextStep ?? ''))
    const merged = await call('merge_user', { ...given, base: read.resource })
    story.check(
      'merge_user keeps both: the nickname of the help desk and the title of the agent',
      [merged.resource?.nickName, merged.resource?.title],
      ['NW', 'Professor'],
    )
    const wrong = await call('delete_user', { id, expectedVersion: read.version })
    story.check('a deletion on the version of the first read is a conflict too', wrong.outcome, 'conflict')
  } finally {
    await client.close()
    await served.close()
  }
}
