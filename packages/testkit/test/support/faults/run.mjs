/**
 * Bundles the core and the wire contract from source, once as they are and once with each fault, runs each bundle in
 * this process, and prints the failed cases as JSON: `[[name, [[case, why], …]], …]`. With a fault, only the case that must
 * see it is run; all of them with the argument `all`. In a plain process, because esbuild does not work within jest, and
 * each bundle is a core of its own.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const here = fileURLToPath(new URL('.', import.meta.url))
const core = join(here, '../../../../core/src')

const bundle = (entry, plugins = []) =>
  build({
    entryPoints: [join(here, entry)],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    conditions: ['@scimkit/source'],
    logLevel: 'error',
    plugins,
  })

async function load(entry, plugins) {
  const { outputFiles } = await bundle(entry, plugins)
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`)
}

/** Puts a fault in while the file is read. Rejects if the file has changed so that the fault says nothing any more. */
function withFault({ name, file, patches }) {
  const path = join(core, file)
  return {
    name: 'fault',
    setup({ onLoad }) {
      onLoad({ filter: /\.ts$/ }, async (args) => {
        if (args.path !== path) return undefined
        let contents = await readFile(path, 'utf8')
        for (const [from, to] of patches) {
          if (contents.split(from).length !== 2)
            throw new Error(`"${name}": expected ${JSON.stringify(from)} once in ${file}`)
          contents = contents.replace(from, () => to)
        }
        return { contents, loader: 'ts' }
      })
    },
  }
}

const all = process.argv.includes('all')
const { faults } = await load('faults.ts')
const results = []
for (const fault of [undefined, ...faults]) {
  const { run } = await load('subject.ts', fault && [withFault(fault)])
  results.push([fault?.name ?? 'no fault', await run(all ? undefined : fault?.seenBy)])
}
process.stdout.write(JSON.stringify(results))
