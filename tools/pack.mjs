/** Packs the published packages of a workspace, as for npm. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pnpm } from './workspace.mjs'

/** Packs the published packages below `root`; one `{name, folder, manifest, file}` each. Throws with the output of pnpm. */
export async function packPackages(root, folder) {
  const packages = readdirSync(join(root, 'packages'))
    .filter((name) => existsSync(join(root, 'packages', name, 'package.json')))
    .map((name) => ({ name, folder: join(root, 'packages', name) }))
    .map((each) => ({ ...each, manifest: JSON.parse(readFileSync(join(each.folder, 'package.json'), 'utf8')) }))
    .filter(({ manifest }) => manifest.private !== true)
  const filters = packages.flatMap(({ manifest }) => ['--filter', manifest.name])
  const { ok, output } = await pnpm(['--dir', root, '--recursive', ...filters, 'pack', '--pack-destination', folder])
  if (!ok) throw new Error(`pnpm pack failed:\n${output}`)
  return packages.map((each) => {
    const { name, version } = each.manifest
    return { ...each, file: join(folder, `${name.replace('@', '').replace('/', '-')}-${version}.tgz`) }
  })
}
