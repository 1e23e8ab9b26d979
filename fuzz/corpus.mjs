/** The kept texts: fuzz/corpus/<target>/<what it is>.txt. */
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The texts of a target by the name of their file. */
export function corpusOf(target) {
  const folder = fileURLToPath(new URL(`./corpus/${target}/`, import.meta.url))
  const names = readdirSync(folder).filter((name) => name.endsWith('.txt'))
  return new Map(names.sort().map((name) => [name, textOf(readFileSync(`${folder}${name}`, 'utf8'))]))
}

// An editor adds a line break at the end of a file.
function textOf(content) {
  return content.endsWith('\n') ? content.slice(0, -1) : content
}

/** The names of all targets. */
export function targetNames() {
  const names = readdirSync(new URL('./targets/', import.meta.url)).filter((name) => name.endsWith('.mjs'))
  return names.map((name) => name.slice(0, -'.mjs'.length)).sort()
}
