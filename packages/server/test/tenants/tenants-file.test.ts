/** The file of `--tenants`: its form, its errors, and the changes of it. */
import { mkdirSync, mkdtempSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from '@jest/globals'
import { allow, createScim, tenantId } from '@scimkit/core'
import { memoryProvider } from '@scimkit/memory-provider'
import { parseTenants } from '../../src/tenants/tenants-file.js'
import { type WatchedTenants, watchTenants } from '../../src/tenants/watched-tenants.js'

const sha256 = 'a'.repeat(64)
const parsed = (data: unknown) => parseTenants(JSON.stringify(data), () => () => allow)

describe('the file', () => {
  test('has settings and tokens by tenant', () => {
    const tenants = parsed({
      tenants: {
        acme: {
          interop: 'entra,no-missingSchemas',
          quotas: { User: 5 },
          resourceTypes: ['User'],
          permissions: {},
          tokens: [{ sha256, name: 'okta' }],
        },
        globex: { interop: { preset: 'strict' }, rate: { perSecond: 5, burst: 10 } },
      },
    })
    expect([...tenants.keys()]).toEqual(['acme', 'globex'])
    expect(tenants.get('acme')).toMatchObject({
      settings: {
        interop: { preset: 'entra', missingSchemas: false },
        quotas: { User: 5 },
        resourceTypes: [{ name: 'User' }],
      },
      tokens: [{ digest: sha256, scopes: ['scim'], name: 'okta' }],
    })
    expect(tenants.get('acme')?.settings.authorize).toBeInstanceOf(Function)
    expect(tenants.get('globex')).toEqual({
      settings: { interop: { preset: 'strict' }, rate: { perSecond: 5, burst: 10 } },
      tokens: [],
    })
  })

  test('tenants with the same permissions share them', () => {
    const permissions = { scopes: { helpdesk: [{ operations: ['get'] }] } }
    const tenants = parsed({ tenants: { a: { permissions }, b: { permissions }, c: { permissions: {} } } })
    expect(tenants.get('a')?.settings.authorize).toBe(tenants.get('b')?.settings.authorize)
    expect(tenants.get('a')?.settings.authorize).not.toBe(tenants.get('c')?.settings.authorize)
  })

  test('tenants with the same resource types share one list', () => {
    const tenants = parsed({ tenants: { a: { resourceTypes: ['User'] }, b: { resourceTypes: ['User'] } } })
    expect(tenants.get('a')?.settings.resourceTypes).toBe(tenants.get('b')?.settings.resourceTypes)
  })

  test.each<[string, unknown, string]>([
    ['no object', [], 'the file: expected an object'],
    ['no tenants', {}, 'tenants: expected an object'],
    ['another name beside them', { tenants: {}, defaults: {} }, 'unknown name "defaults"'],
    ['an empty name', { tenants: { '': {} } }, 'A tenant needs a name'],
    ['a name with a control character', { tenants: { 'a\n': {} } }, 'control characters'],
    ['no object as a tenant', { tenants: { acme: 5 } }, 'tenants.acme: expected an object'],
    ['an unknown setting', { tenants: { acme: { quota: {} } } }, 'tenants.acme: unknown name "quota"'],
    [
      'an unknown preset',
      { tenants: { acme: { interop: 'azure' } } },
      'tenants.acme: Unknown preset or switch "azure"',
    ],
    ['an unknown type', { tenants: { acme: { resourceTypes: ['Tool'] } } }, 'tenants.acme.resourceTypes'],
    ['an inherited type', { tenants: { acme: { resourceTypes: ['toString'] } } }, 'tenants.acme.resourceTypes'],
    ['no hash', { tenants: { acme: { tokens: [{ sha256: 'secret', name: 'x' }] } } }, 'tenants.acme.tokens[0].sha256'],
    ['a plain token', { tenants: { acme: { tokens: ['secret'] } } }, 'tenants.acme.tokens[0]: expected an object'],
    [
      'the hash of nothing',
      {
        tenants: {
          acme: { tokens: [{ sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855', name: 'x' }] },
        },
      },
      'empty token',
    ],
    [
      'no scopes',
      { tenants: { acme: { tokens: [{ sha256, name: 'x', scopes: [] }] } } },
      'tenants.acme.tokens[0].scopes',
    ],
    ['no name', { tenants: { acme: { tokens: [{ sha256 }] } } }, 'tenants.acme.tokens[0].name'],
    [
      'one token in two tenants',
      { tenants: { a: { tokens: [{ sha256, name: 'x' }] }, b: { tokens: [{ sha256, name: 'x' }] } } },
      'tenants.b.tokens: the tenant a has the same token',
    ],
  ])('%s is refused', (_name, data, message) => {
    expect(() => parsed(data)).toThrow(message)
  })

  test('a tenant that is there twice is refused', () => {
    expect(() => parseTenants('{"tenants":{"acme":{},"acme":{}}}', () => () => allow)).toThrow('or has a name twice')
  })

  test('a text that is no JSON is refused', () => {
    expect(() => parseTenants('{', () => () => allow)).toThrow('the file is not JSON')
  })
})

describe('a file that changes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'scimkit-tenants-'))
  const path = join(folder, 'tenants.json')
  const write = (data: unknown): void => {
    writeFileSync(`${path}.new`, typeof data === 'string' ? data : JSON.stringify(data))
    renameSync(`${path}.new`, path)
  }
  const scim = createScim({ provider: memoryProvider() })
  const said: string[] = []
  let watched: WatchedTenants | undefined
  const watch = (): WatchedTenants => {
    watched = watchTenants({
      path,
      parsePermissions: () => () => allow,
      check: scim.checkTenantSettings,
      say: (line) => said.push(line),
      interval: 10,
    })
    return watched
  }
  const until = async (condition: () => boolean): Promise<void> => {
    for (let i = 0; i < 500 && !condition(); i++) await new Promise((resolve) => setTimeout(resolve, 10))
    expect(condition()).toBe(true)
  }

  afterEach(() => {
    watched?.stop()
    said.length = 0
  })

  test('has effect without a restart; tenants that did not change keep their object', async () => {
    write({ tenants: { acme: { quotas: { User: 1 } }, globex: {} } })
    const tenants = watch()
    const settings = (name: string) => tenants.settings(tenantId(name))
    const kept = settings('globex')
    expect(settings('acme')).toEqual({ quotas: { User: 1 } })
    write({ tenants: { acme: { quotas: { User: 2 } }, globex: {}, initech: {} } })
    await until(() => tenants.has('initech'))
    expect(settings('acme')).toEqual({ quotas: { User: 2 } })
    expect(settings('globex')).toBe(kept)
    expect(said).toEqual([`tenants: read ${path} again, 3 tenants`])
  })

  test('an error changes nothing, and the operator learns where it is', async () => {
    write({ tenants: { acme: { quotas: { User: 1 } } } })
    const tenants = watch()
    write({ tenants: { acme: { quotas: { Tool: 1 } } } })
    await until(() => said.length > 0)
    expect(said[0]).toContain('stay in force: TypeError: tenants.acme: options.quotas: unknown resource type "Tool"')
    expect(tenants.settings(tenantId('acme'))).toEqual({ quotas: { User: 1 } })
    write('{')
    await until(() => said.length > 1)
    expect(tenants.has('acme')).toBe(true)
  })

  test('a file that could not be read is read again when it can be', async () => {
    write({ tenants: { acme: {}, globex: {} } })
    const tenants = watch()
    // A folder in its place cannot be read.
    rmSync(path)
    mkdirSync(path)
    await until(() => said.length > 0)
    expect(said[0]).toContain('stay in force')
    rmSync(path, { recursive: true })
    write({ tenants: { acme: {} } })
    await until(() => !tenants.has('globex'))
    expect(tenants.has('acme')).toBe(true)
  })

  test('a change that keeps time and length is found', async () => {
    write({ tenants: { acme: {} } })
    const tenants = watch()
    const { atime, mtime } = statSync(path)
    writeFileSync(path, JSON.stringify({ tenants: { emca: {} } }))
    utimesSync(path, atime, mtime)
    await until(() => tenants.has('emca'))
    expect(tenants.has('acme')).toBe(false)
  })

  test('the first file must be right', () => {
    write({ tenants: { acme: { limits: { inFlight: 1 } } } })
    expect(watch).toThrow(`Cannot use ${path}: tenants.acme: limits.inFlight: all tenants share this limit`)
    rmSync(path)
    expect(watch).toThrow('ENOENT')
  })
})
