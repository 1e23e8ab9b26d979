/** Arguments beyond the limits, on transports without limits of their own. */
import { describe, expect, test } from '@jest/globals'
import { createScim, defaultLimits, type JsonObject, tenantId } from '@scimkit/core'
import { memoryProvider } from '@scimkit/memory-provider'
import { localDirectory } from '../../src/directory/local-directory.js'
import { defaultBounds } from '../../src/documents/bounds.js'
import { callTool } from '../../src/server/call-tool.js'
import { catalogueOf } from '../../src/tools/catalogue.js'

async function start() {
  const scim = createScim({ provider: memoryProvider() })
  const context = scim.context({ tenant: tenantId('acme') })
  const directory = localDirectory({ scim, context, native: undefined, supportsIdempotencyKeys: true })
  const options = { bounds: defaultBounds, readOnly: false, supportsIdempotencyKeys: true }
  const catalogue = catalogueOf(await directory.types(), options)
  const errors: unknown[] = []
  const call = {
    directory,
    limits: defaultLimits,
    takeWrite: async () => undefined,
    onError: (e: unknown) => errors.push(e),
  }
  return {
    errors,
    run: (name: string, given: unknown) => {
      const tool = catalogue.tool(name)
      if (tool === undefined) throw new Error(`no tool ${name}`)
      return callTool(tool, given, call)
    },
  }
}

function nested(depth: number): JsonObject {
  let value: JsonObject = {}
  for (let i = 0; i < depth; i++) value = { a: value }
  return value
}

describe('arguments beyond the limits', () => {
  const operations = (value: unknown) => [{ op: 'replace', path: 'title', value }]
  test.each<readonly [string, (id: string) => object, number]>([
    ['1 MB', () => ({ id: 'x'.repeat(1_100_000) }), 413],
    ['a text that is too long', () => ({ id: 'x'.repeat(70_000) }), 400],
    ['too deep for JSON.stringify', (id) => ({ id, operations: operations(nested(100_000)) }), 400],
    ['too deep', (id) => ({ id, operations: operations(nested(100)) }), 400],
    ['a lone surrogate', (id) => ({ id, operations: operations('\ud800') }), 400],
  ])('%s is an error result, and nothing is done', async (_, given, status) => {
    const { run, errors } = await start()
    const { id } = await run('create_user', { resource: { userName: 'ada' } })
    const result = await run('preview_user', given(String(id)))
    expect(result).toMatchObject({ outcome: 'error', status })
    expect(errors).toEqual([])
  })

  test.each([undefined, null, [], 'text', 7])('arguments that are %j are an error that says so', async (given) => {
    const { run } = await start()
    const result = await run('get_user', given)
    expect(result).toMatchObject({ outcome: 'error', status: 400 })
  })
})
