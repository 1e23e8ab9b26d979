/**
 * Bundles the core and the wire contract from source, once unchanged and once with each fault, runs each bundle in this
 * process, and prints the failed cases as JSON: `[[name, [[case, why], …]], …]`. With a fault, only the case that must
 * detect it is run; all cases with the argument `all`. In a separate process, because esbuild does not work within jest,
 * and each bundle contains a separate core.
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

/** Applies a fault while the file is loaded. Rejects if the file has changed so that the fault is stale. */
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
