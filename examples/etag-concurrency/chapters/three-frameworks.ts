import type { RequestListener } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { noAuthentication, type Ports } from '@scimkit/core'
import { scimRouter } from '@scimkit/express-adapter'
import { scimApp } from '@scimkit/hono-adapter'
import { scimMiddleware } from '@scimkit/koa-adapter'
import { memoryProvider } from '@scimkit/memory-provider'
import express from 'express'
import { Hono } from 'hono'
import Koa from 'koa'
import { listen } from '../../stage/serve.js'
import { type Answer, wireTo } from '../../stage/wire.js'
import type { Scene } from '../scene.js'

const user = 'urn:ietf:params:scim:schemas:core:2.0:User'
const mount = '/scim/v2'

/** The same three requests through Express, Koa and Hono. */
export async function threeFrameworks({ story }: Scene): Promise<void> {
  story.chapter('Three frameworks, one answer')
  story.say(
    'An adapter translates requests and responses, and decides nothing. Three servers get the same clock, ids and random ' +
      'bits, and then the same three requests: a create, a stale write, and a read with the tag.',
  )
  const listeners: Readonly<Record<string, RequestListener>> = {
    Express: express().use(mount, scimRouter(sameState())),
    Koa: new Koa().use(scimMiddleware({ ...sameState(), basePath: mount })).callback(),
    Hono: getRequestListener(new Hono().route(mount, scimApp(sameState())).fetch),
  }
  const results = await Promise.all(
    Object.entries(listeners).map(async ([name, listener]) => {
      const served = await listen(listener)
      try {
        return { name, answers: await threeRequests(served.url) }
      } finally {
        await served.close()
      }
    }),
  )
  story.show(
    ...results.flatMap(({ name, answers }) => [
      `${name.padEnd(9)}${answers.map(({ status }) => status).join('  ')}  ${answers[0]?.etag ?? ''}`,
    ]),
  )
  const [byExpress, ...byOthers] = results.map(({ answers }) => answers)
  story.check(
    'the statuses are 201, 412 and 304',
    byExpress?.map(({ status }) => status),
    [201, 412, 304],
  )
  story.check('Koa and Hono answer as Express: status, ETag, and every byte of the body', byOthers, [
    byExpress,
    byExpress,
  ])
}

/** Options of a server that starts from the same state as the others. */
function sameState() {
  let ids = 0
  const ports: Partial<Ports> = {
    now: () => Date.parse('2026-12-01T09:00:00.000Z'),
    newId: () => `00000000-0000-4000-8000-${String(++ids).padStart(12, '0')}`,
    randomBytes: (count) => new Uint8Array(count).fill(7),
  }
  const baseUrl = 'https://app.example/scim/v2'
  return { provider: memoryProvider(), authenticate: noAuthentication(), baseUrl, ports }
}

async function threeRequests(url: string): Promise<readonly Pick<Answer, 'status' | 'etag' | 'text'>[]> {
  const wire = wireTo(url)
  const created = await wire('POST', '/Users', { body: { schemas: [user], userName: 'ada' } })
  const path = `/Users/${String(created.body.id)}`
  const stale = await wire('PUT', path, {
    headers: { 'If-Match': 'W/"0-stale"' },
    body: { schemas: [user], userName: 'ada', title: 'Countess' },
  })
  const read = await wire('GET', path, { headers: { 'If-None-Match': created.etag } })
  return [created, stale, read].map(({ status, etag, text }) => ({ status, etag, text }))
}
