/**
 * Python drivers: a virtual environment for each, with the pinned packages of its requirements.txt.
 */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { run } from '../tools/workspace.mjs'
import { driversFolder } from './folders.mjs'

/** scim2-client 0.13 and scim2-tester 0.5 need Python 3.10. */
const oldest = [3, 10]

const program = process.platform === 'win32' ? 'python' : 'python3'

/** The reason why Python drivers cannot run on this machine; undefined if they can. */
export async function pythonMissing() {
  const { ok, output } = await run(program, ['-c', 'import sys, venv, ensurepip; print(*sys.version_info[:2])'])
  if (!ok) return `${program} with venv is not installed`
  const [major, minor] = output.trim().split(' ').map(Number)
  if (major === oldest[0] && minor >= oldest[1]) return undefined
  return `${program} is ${major}.${minor}; ${oldest.join('.')} or newer is needed`
}

/** Installs the packages of a driver into `folder` if necessary; returns its command line, or throws with pip's output. */
export async function preparePython({ name }, folder) {
  const wanted = readFileSync(join(driversFolder, name, 'requirements.txt'))
  const hash = createHash('sha256').update(wanted).digest('hex')
  const stamp = join(folder, 'installed')
  const venv = join(folder, 'venv')
  const python = process.platform === 'win32' ? join(venv, 'Scripts/python.exe') : join(venv, 'bin/python')
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== hash) {
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder, { recursive: true })
    const made = await run(program, ['-m', 'venv', venv], { timeout: 120_000 })
    if (!made.ok) throw new Error(`python -m venv: ${made.output}`)
    const args = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r']
    const installed = await run(python, [...args, join(driversFolder, name, 'requirements.txt')], { timeout: 300_000 })
    if (!installed.ok) throw new Error(`pip install: ${installed.output}`)
    writeFileSync(stamp, hash)
  }
  return [python, join(driversFolder, name, 'driver.py')]
}
