/**
 * Runs a TypeScript file of the workspace in this process, from source: `node run-bundled.mjs file.ts`. For tests that
 * need a plain process, where jest is not in between.
 */
import { build } from 'esbuild'

const [, , file] = process.argv
const { outputFiles } = await build({
  entryPoints: [file],
  bundle: true,
  write: false,
  platform: 'node',
  format: 'esm',
  conditions: ['@scimkit/source'],
  logLevel: 'error',
})
await import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`)
