/**
 * Writes `repository`, `homepage` and `bugs` into each package while it is packed, from one setting: the `repository` of
 * the root package.json, a URL of a Git repository on the web. Without it nothing is written.
 */
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'

const { repository } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'))

/** The fields for the package in `packages/<folder>`. */
export function published(repository, folder) {
  if (repository === undefined) return {}
  const url = repository.replace(/\.git$/, '')
  const directory = `packages/${folder}`
  return {
    repository: { type: 'git', url: `git+${url}.git`, directory },
    homepage: `${url}/tree/main/${directory}#readme`,
    bugs: `${url}/issues`,
  }
}

export const hooks = {
  beforePacking: (manifest, folder) => ({ ...manifest, ...published(repository, basename(folder)) }),
}
