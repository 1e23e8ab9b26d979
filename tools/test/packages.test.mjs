/**
 * What every published package has in common, and that each can be loaded as built, by `import` and by `require()`:
 * we ship ESM only, and CommonJS hosts load it as long as no module awaits at its top level.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from '@jest/globals'
import { published } from '../../.pnpmfile.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
const read = (file) => JSON.parse(readFileSync(`${root}/${file}`, 'utf8'))
const workspace = read('package.json')

describe.each(readdirSync(`${root}/packages`))('packages/%s', (folder) => {
  const manifest = read(`packages/${folder}/package.json`)

  test('is named after its folder, and the root depends on it, so that any test may', () => {
    expect(manifest.name).toBe(folder === 'server' ? 'scimkit' : `@scimkit/${folder}`)
    expect(workspace.devDependencies).toHaveProperty([manifest.name], 'workspace:*')
  })

  test('says what npm needs to know', () => {
    expect(manifest).toMatchObject({ type: 'module', license: 'Apache-2.0', sideEffects: false })
    expect(manifest.engines).toEqual(workspace.engines)
    expect(readFileSync(`${root}/packages/${folder}/README.md`, 'utf8')).toContain(`# ${manifest.name}\n`)
  })

  test('publishes the same doors as it has here, less the one to its source', () => {
    const doors = Object.entries(manifest.exports).map(([door, { '@scimkit/source': _source, ...rest }]) => [
      door,
      rest,
    ])
    expect(manifest.publishConfig.exports).toEqual(Object.fromEntries(doors))
  })

  test('is found by compilers that do not read `exports`', () => {
    const { '.': main, ...others } = manifest.exports
    expect({ main: manifest.main, types: manifest.types }).toEqual({ main: main.default, types: main.types })
    const below = Object.entries(others).map(([door, { types }]) => [door.slice(2), [types]])
    expect(manifest.typesVersions?.['*'] ?? {}).toEqual(Object.fromEntries(below))
  })

  test('has a README for a reader on npm: how to install it, code, its guide, and no link that leads nowhere there', () => {
    const readme = readFileSync(`${root}/packages/${folder}/README.md`, 'utf8')
    expect(readme).toMatch(new RegExp(`^npm install (--save-dev )?${manifest.name}\\b`, 'm'))
    expect(readme).toMatch(/^```(ts|sh)\n(?!npm install [^\n]*\n```)/m)
    const guide = readme.split('\n').find((line) => line.startsWith('Guide: '))
    const pages = [...(guide ?? '').matchAll(/`(docs\/guide\/[a-z-]+\.md)`/g)].map(([, page]) => page)
    expect(pages).not.toEqual([])
    for (const page of pages) expect([page, existsSync(`${root}/${page}`)]).toEqual([page, true])
    expect(readme.match(/\]\((?!https:)[^)]*\)/g) ?? []).toEqual([])
  })

  test.each([
    ['import', `import('${manifest.name}').then(`],
    ['require', `Promise.resolve(require('${manifest.name}')).then(`],
  ])('loads as built, by %s', (_way, expression) => {
    const script = `${expression}(door) => process.exit('default' in door ? 3 : 0))`
    const { status, stderr } = spawnSync(process.execPath, ['-e', script], { cwd: root, encoding: 'utf8' })
    expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' })
  })
})

test('repository, homepage and bugs are written at packing, from the one setting of the workspace', () => {
  for (const folder of readdirSync(`${root}/packages`)) {
    expect(Object.keys(read(`packages/${folder}/package.json`))).not.toContain('repository')
  }
  expect(published(undefined, 'core')).toEqual({})
  expect(published('https://git.example/kit.git', 'core')).toEqual({
    repository: { type: 'git', url: 'git+https://git.example/kit.git', directory: 'packages/core' },
    homepage: 'https://git.example/kit/tree/main/packages/core#readme',
    bugs: 'https://git.example/kit/issues',
  })
})

test('the guide shows the configuration of Jest that check-exports has tried', () => {
  const tried = readFileSync(`${root}/tools/consumers/jest-commonjs/jest.config.cjs`, 'utf8')
  expect(readFileSync(`${root}/docs/guide/getting-started.md`, 'utf8')).toContain(tried)
})
