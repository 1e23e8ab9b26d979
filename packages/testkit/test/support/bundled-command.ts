/** A built command in one file: it starts in a third of the time, because the files of its packages are read once. */
import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildSync } from 'esbuild'

const root = fileURLToPath(new URL('../../../../', import.meta.url))

/** Modules with machine code, and one that `pg` loads only if it is installed. */
const external = ['libsql', 'better-sqlite3', 'pg-native']

// CommonJS packages inside the file call `require` for the modules of Node.
const banner = `import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url)`

/**
 * The path of one file with everything that `entry`, a built module of the package in `folder`, imports. It is written once for
 * each build: its name is the digest of all compiled files.
 */
export function bundledCommand(folder: string, entry: string): string {
  const cache = join(folder, 'node_modules', '.cache', `command-${basename(dirname(entry))}`)
  const file = join(cache, 'bin', `${digestOfBuild()}.mjs`)
  if (existsSync(file)) return file
  rmSync(cache, { recursive: true, force: true })
  mkdirSync(dirname(file), { recursive: true })
  // The command reads it, one folder above its own.
  copyFileSync(join(folder, 'package.json'), join(cache, 'package.json'))
  // Several test files may write it at the same time.
  const part = `${file}.${process.pid}`
  buildSync({
    entryPoints: [entry],
    outfile: part,
    bundle: true,
    platform: 'node',
    format: 'esm',
    external,
    banner: { js: banner },
    logLevel: 'error',
  })
  renameSync(part, file)
  return file
}

/** The path of one file with everything that `entry`, a TypeScript file of the workspace, imports, from source. */
export function bundledSource(entry: string): string {
  const folder = join(root, 'node_modules', '.cache', 'scimkit-test-programs')
  mkdirSync(folder, { recursive: true })
  const file = join(folder, `${basename(entry, '.ts')}.${process.pid}.mjs`)
  buildSync({
    entryPoints: [entry],
    outfile: file,
    bundle: true,
    platform: 'node',
    format: 'esm',
    external,
    conditions: ['@scimkit/source'],
    banner: { js: banner },
    logLevel: 'error',
  })
  return file
}

/** Changes with every compiled file: the compiler writes the digests of all sources into these files. */
function digestOfBuild(): string {
  const hash = createHash('sha256')
  const packages = readdirSync(join(root, 'packages')).map((name) => join(root, 'packages', name))
  for (const folder of [...packages, join(root, 'examples')]) {
    const info = join(folder, 'dist', '.tsbuildinfo')
    if (existsSync(info)) hash.update(readFileSync(info))
  }
  return hash.digest('hex').slice(0, 16)
}
