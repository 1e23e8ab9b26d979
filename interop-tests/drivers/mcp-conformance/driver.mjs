/**
 * The conformance suite of the Model Context Protocol, against the tools of an own server: the suite sends no token, and
 * needs the origin of the server to be allowed. Scenarios about features that the endpoint does not have are named with the
 * reason, and a scenario that is in neither list is a failure.
 *
 *   node driver.mjs <folder of the installed suite> <node>
 */
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getRequestListener } from '@hono/node-server'
import { noAuthentication } from '@scimkit/core'
import { httpRouter } from '@scimkit/express-adapter'
import { httpApp } from '@scimkit/hono-adapter'
import { httpMiddleware } from '@scimkit/koa-adapter'
import { scimMcp } from '@scimkit/mcp'
import { memoryProvider } from '@scimkit/memory-provider'
import express from 'express'
import { Hono } from 'hono'
import Koa from 'koa'
import { excluded } from './excluded.mjs'

const [folder, node] = process.argv.slice(2)
const { INTEROP_FRAMEWORK: framework = 'hono', INTEROP_REPORT: reportFile } = process.env
const suite = join(folder, 'node_modules/@modelcontextprotocol/conformance/dist/index.js')
const applications = {
  express: (handler) => express().use(httpRouter(handler)),
  koa: (handler) => new Koa().use(httpMiddleware(handler)).callback(),
  hono: (handler) => getRequestListener(new Hono().route('/', httpApp(handler)).fetch),
}
const limit = 60_000

const server = createServer()
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
const { port } = server.address()
const hosts = [`localhost:${port}`, `127.0.0.1:${port}`]
const origins = hosts.map((host) => `http://${host}`)
const options = { provider: memoryProvider(), authenticate: noAuthentication(), hosts, origins }
server.on('request', applications[framework](scimMcp(options)))

const checks = []
for (const { scenario, revisions } of scenarios()) {
  const reason = Object.hasOwn(excluded, scenario) ? excluded[scenario] : undefined
  if (reason === undefined) for (const revision of revisions) checks.push(...(await checksOf(scenario, revision)))
}
server.close()
server.closeAllConnections()
writeFileSync(reportFile, JSON.stringify({ checks }))
process.exitCode = checks.every(({ ok }) => ok) ? 0 : 1

/** The scenarios of the suite, each with the revisions of the endpoint that it is for. */
function scenarios() {
  const { stdout } = spawnSync(node, [suite, 'list', '--server'], { encoding: 'utf8', timeout: limit })
  const found = [...stdout.matchAll(/^ {2}- (\S+) \[([^\]]*)\]$/gm)].map(([, scenario, revisions]) => ({
    scenario,
    revisions: revisions.split(',').filter((one) => ['2025-11-25', '2026-07-28'].includes(one)),
  }))
  if (found.length === 0) throw new Error(`the suite lists no scenarios: ${stdout}`)
  return found
}

async function checksOf(scenario, revision) {
  const out = mkdtempSync(join(tmpdir(), 'scimkit-mcp-conformance-'))
  try {
    const args = ['server', '--url', `http://localhost:${port}/mcp`, '--scenario', scenario, '--spec-version', revision]

    await new Promise((resolve) => {
      const child = spawn(node, [suite, ...args, '-o', out], {
        stdio: ['ignore', 'inherit', 'inherit'],
        timeout: limit,
      })
      child.on('close', resolve)
    })
    const files = readdirSync(out, { recursive: true }).filter((name) => name.endsWith('checks.json'))
    if (files.length === 0) return [{ id: `${revision} ${scenario}`, ok: false, detail: 'the suite wrote no result' }]
    const results = files.flatMap((name) => JSON.parse(readFileSync(join(out, name), 'utf8')))
    return results
      .filter(({ status }) => status === 'SUCCESS' || status === 'FAILURE' || status === 'WARNING')
      .map(({ id, status, errorMessage }) => ({
        id: `${revision} ${scenario} ${id}`,
        ok: status === 'SUCCESS',
        detail: errorMessage ?? status,
      }))
  } finally {
    rmSync(out, { recursive: true, force: true })
  }
}
