import { getRequestListener } from '@hono/node-server'
import { noAuthentication, type Ports, platformPorts, type ScimOptions } from '@scimkit/core'
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
  const express5 = (options: ScimOptions) => express().use(mount, scimRouter(options as never))
  const koa = (options: ScimOptions) =>
    new Koa().use(scimMiddleware({ ...(options as object), basePath: mount })).callback()
  const hono = (options: ScimOptions) => getRequestListener(new Hono().route(mount, scimApp(options as object)).fetch)
  const answers = new Map<string, readonly Answer[]>()
  for (const [name, application] of Object.entries({ Express: express5, Koa: koa, Hono: hono })) {
    const served = await listen(application(optionsFor()))
    try {
      answers.set(name, await threeRequests(served.url))
    } finally {
      await served.close()
    }
  }
  const [express1, ...others] = [...answers.values()].map((three) => three.map(comparable))
  story.show(
    ...[...answers].map(
      ([name, three]) => `${name.padEnd(9)}${three.map(({ status }) => status).join('  ')}  ${three[0]?.etag ?? ''}`,
    ),
  )
  story.check(
    'the statuses are 201, 412 and 304',
    answers.get('Koa')?.map(({ status }) => status),
    [201, 412, 304],
  )
  story.check('Koa and Hono answer as Express: status, ETag and body', others, [express1, express1])
}

// A server that starts again from the same state.
function optionsFor(): ScimOptions {
  let ids = 0
  const ports: Partial<Ports> = {
    ...platformPorts,
    now: () => Date.parse('2026-12-01T09:00:00.000Z'),
    newId: () => `00000000-0000-4000-8000-${String(++ids).padStart(12, '0')}`,
    randomBytes: (count) => new Uint8Array(count).fill(7),
  }
  const baseUrl = 'https://app.example/scim/v2'
  return { provider: memoryProvider(), authenticate: noAuthentication(), baseUrl, ports }
}

async function threeRequests(url: string): Promise<readonly Answer[]> {
  const wire = wireTo(url)
  const created = await wire('POST', '/Users', { body: { schemas: [user], userName: 'ada' } })
  const path = `/Users/${String(created.body.id)}`
  const stale = await wire('PUT', path, {
    headers: { 'If-Match': 'W/"0-stale"' },
    body: { schemas: [user], userName: 'ada', title: 'Countess' },
  })
  return [created, stale, await wire('GET', path, { headers: { 'If-None-Match': created.etag } })]
}

function comparable({ status, etag, body }: Answer): Pick<Answer, 'status' | 'etag' | 'body'> {
  return { status, etag, body }
}
