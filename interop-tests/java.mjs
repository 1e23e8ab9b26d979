/**
 * Java drivers: Maven finds the class path of the pinned client, javac compiles the driver against it.
 */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { run } from '../tools/workspace.mjs'
import { driversFolder } from './folders.mjs'

/** UnboundID's client 5 and the SCIM-SDK 1.30 are compiled for Java 17. */
const oldest = 17

/** The reason why Java drivers cannot run on this machine; undefined if they can. */
export async function javaMissing() {
  const javac = await run('javac', ['-version'])
  if (!javac.ok) return 'javac is not installed'
  const version = Number(/javac (\d+)/.exec(javac.output)?.[1])
  if (!(version >= oldest)) return `javac is ${version}; ${oldest} or newer is needed`
  const maven = await run('mvn', ['-version'])
  return maven.ok ? undefined : 'Maven (mvn) is not installed'
}

const javaIn = (folder) => readdirSync(folder).flatMap((name) => (name.endsWith('.java') ? [join(folder, name)] : []))

/** Builds the class path and the classes of a driver if necessary; returns its command line, or throws with the output. */
export async function prepareJava({ name }, folder) {
  const sources = [...javaIn(join(driversFolder, 'shared')), ...javaIn(join(driversFolder, name))]
  const pom = join(driversFolder, name, 'pom.xml')
  const hash = createHash('sha256')
  for (const file of [pom, ...sources]) hash.update(readFileSync(file))
  const wanted = hash.digest('hex')
  const stamp = join(folder, 'compiled')
  const classPathFile = join(folder, 'class-path')
  const classes = join(folder, 'classes')
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted) {
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(classes, { recursive: true })
    const goal = ['-q', '-B', '-f', pom, 'dependency:build-classpath', `-Dmdep.outputFile=${classPathFile}`]
    const resolved = await run('mvn', goal, { timeout: 300_000 })
    if (!resolved.ok) throw new Error(`mvn: ${resolved.output}`)
    const classPath = readFileSync(classPathFile, 'utf8').trim()
    const args = ['-encoding', 'UTF-8', '-d', classes, '-cp', classPath, ...sources]
    const compiled = await run('javac', args, { timeout: 120_000 })
    if (!compiled.ok) throw new Error(`javac: ${compiled.output}`)
    writeFileSync(stamp, wanted)
  }
  const classPath = [classes, readFileSync(classPathFile, 'utf8').trim()].join(delimiter)
  return ['java', '-cp', classPath, 'Driver']
}
