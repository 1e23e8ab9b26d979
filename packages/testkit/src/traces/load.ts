import type { Trace } from './trace.js'

/** A trace with the name of its file. */
export interface LoadedTrace extends Trace {
  /** The file name without folder and extension: `okta-test-connector`. */
  readonly id: string
}

/** All traces of the kit, sorted by file name. Reads files, so it requires `node:fs`. */
export async function loadTraces(): Promise<readonly LoadedTrace[]> {
  const { readdir, readFile } = await import('node:fs/promises')
  const folder = new URL('../../traces/', import.meta.url)
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort()
  return Promise.all(
    names.map(async (name) => {
      const trace: Trace = JSON.parse(await readFile(new URL(name, folder), 'utf8'))
      return { ...trace, id: name.slice(0, -'.json'.length) }
    }),
  )
}
