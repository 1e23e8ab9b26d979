/** A driver passes only by its report, and an unnecessary allowance fails. */
import { createServer } from 'node:http'
import { describe, expect, test } from '@jest/globals'
import { allowances } from '../../interop-tests/allowances.mjs'
import { drivers } from '../../interop-tests/drivers.mjs'
import { falsifications } from '../../interop-tests/falsified-traffic.mjs'
import { judge } from '../../interop-tests/judge.mjs'
import { startRecorder } from '../../interop-tests/recorder.mjs'
import { exchangesOf, shownExchange } from '../../interop-tests/shown.mjs'

describe('a driver', () => {
  const right = { id: 'right', ok: true }
  const wrong = { id: 'wrong', ok: false, detail: 'because' }
  const judged = (checks, { code = checks.every(({ ok }) => ok) ? 0 : 1, allowed = [], timedOut = false } = {}) => {
    const { passed, failures } = judge({
      driver: 'one',
      run: { code, timedOut, limit: 1_000 },
      report: checks && { checks },
      allowances: allowed.map((id) => ({ driver: 'one', id, reason: 'r' })),
    })
    return [passed, failures.map(({ id, detail }) => `${id}: ${detail}`)]
  }

  test('passes if all its checks do', () => {
    expect(judged([right, { ...right, id: 'too' }])).toEqual([2, []])
  })

  test('fails with each check that does', () => {
    expect(judged([right, wrong])).toEqual([1, ['wrong: because']])
  })

  test('may fail a check that is allowed by name', () => {
    expect(judged([right, wrong], { allowed: ['wrong'] })).toEqual([1, []])
  })

  test('fails with an allowance that is not needed', () => {
    expect(judged([right], { allowed: ['right'] })).toEqual([1, ['stale allowance: right: The check passes.']])
    expect(judged([right], { allowed: ['gone'] })).toEqual([1, ['stale allowance: gone: There is no such check.']])
  })

  test('is not affected by the allowances of another driver', () => {
    const run = { code: 0, timedOut: false, limit: 1_000 }
    const others = [{ driver: 'two', id: 'gone', reason: 'r' }]
    expect(judge({ driver: 'one', run, report: { checks: [right] }, allowances: others }).failures).toEqual([])
  })

  test('fails if it did not report, checked nothing, ended badly or did not end', () => {
    expect(judged(undefined, { code: 1 })).toEqual([0, ['driver: It wrote no report (exit code 1).']])
    expect(judged([])).toEqual([0, ['driver: It ran no check.']])
    expect(judged([right], { code: 137 })).toEqual([1, ['exit code: 137, with 0 failed checks']])
    expect(judged([wrong], { code: 0 })).toEqual([0, ['wrong: because', 'exit code: 0, with 1 failed checks']])
    expect(judged([right], { timedOut: true })).toEqual([0, ['driver: It did not end within 1 seconds.']])
  })
})

test('every allowance names a driver and gives a reason', () => {
  for (const { driver, id, reason } of allowances) {
    expect([id, drivers.map(({ name }) => name)]).toEqual([id, expect.arrayContaining([driver])])
    expect([id, reason]).toEqual([id, expect.stringMatching(/.{40}/)])
  }
})

describe('the recorder', () => {
  const withServer = async (options, use) => {
    const server = createServer((request, response) => {
      const { method, url, headers } = request
      response.writeHead(200, { etag: 'W/"1"', 'content-type': 'application/json' })
      response.end(JSON.stringify({ method, url, host: headers.host, ifMatch: headers['if-match'] ?? null }))
    })
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
    const target = `127.0.0.1:${server.address().port}`
    const recorder = await startRecorder(`http://${target}/scim/v2`, options)
    try {
      return await use(recorder)
    } finally {
      await recorder.stop()
      server.close()
    }
  }
  const headers = { 'if-match': 'W/"0"', authorization: 'Bearer secret' }

  test('forwards requests and responses, and records both without the token', async () => {
    await withServer({}, async ({ url, exchanges }) => {
      const answer = await fetch(`${url}/Users/1?a=%20b`, { method: 'PUT', headers, body: '{"userName":"a"}' })
      expect([answer.status, answer.headers.get('etag')]).toEqual([200, 'W/"1"'])
      const { host } = new URL(url)
      expect(await answer.json()).toEqual({ method: 'PUT', url: '/scim/v2/Users/1?a=%20b', host, ifMatch: 'W/"0"' })
      expect(JSON.stringify(exchanges)).not.toContain('secret')
      expect(shownExchange(exchanges[0]).slice(0, 5)).toEqual([
        '> PUT /scim/v2/Users/1?a=%20b',
        expect.stringMatching(/^> (content-type|if-match): /),
        expect.stringMatching(/^> (content-type|if-match): /),
        '> {"userName":"a"}',
        '< 200',
      ])
      const { started } = exchanges[0]
      expect(exchangesOf({ started, ended: started }, exchanges)).toEqual(exchanges)
      expect(exchangesOf({ started: started + 1, ended: started + 1 }, exchanges)).toEqual([])
    })
  })

  test('applies its falsification', async () => {
    const ifMatchOf = async (falsification) => {
      return withServer({ falsification }, async ({ url }) => (await (await fetch(url, { headers })).json()).ifMatch)
    }
    expect(await ifMatchOf(undefined)).toBe('W/"0"')
    expect(await ifMatchOf(falsifications['preconditions are ignored']())).toBe(null)
    await withServer({ falsification: falsifications['DELETE is lost']() }, async ({ url }) => {
      expect((await fetch(url, { method: 'DELETE' })).status).toBe(204)
      expect((await fetch(url, { method: 'POST' })).status).toBe(200)
    })
  })

  test('responds with 502 for an unreachable server', async () => {
    const recorder = await startRecorder('http://127.0.0.1:9/scim')
    expect((await fetch(recorder.url)).status).toBe(502)
    await recorder.stop()
  })
})
