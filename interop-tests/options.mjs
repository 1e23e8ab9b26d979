import { parseArgs } from 'node:util'
import { drivers } from './drivers.mjs'

const frameworks = ['express', 'koa', 'hono']

const usage = `pnpm test:interop [options]
  --only NAME             one driver; may be repeated
  --framework NAME        ${frameworks.join(', ')} (default: hono)
  --base URL --token T    test a server that already runs, not one of ours
  --verbose               show every exchange of a failed check, not the last ones only
  --prove                 falsify the traffic in many ways and fail for each check that never notices

Drivers:
${drivers.map(({ name, version, what }) => `  ${name.padEnd(14)} ${version.padEnd(8)} ${what}`).join('\n')}`

/** The options of the command line; ends the process with 2 if they are invalid. */
export function optionsOf(argv) {
  try {
    const { values } = parseArgs({
      args: argv.filter((arg) => arg !== '--'),
      options: {
        only: { type: 'string', multiple: true },
        framework: { type: 'string' },
        base: { type: 'string' },
        token: { type: 'string' },
        verbose: { type: 'boolean', default: false },
        prove: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    })
    if (values.help) {
      console.log(usage)
      process.exit(0)
    }
    return checked(values)
  } catch (error) {
    console.error(`${error.message}\n\n${usage}`)
    return process.exit(2)
  }
}

function checked({ only, framework, base, token, verbose, prove }) {
  const unknown = (only ?? []).filter((name) => !drivers.some((driver) => driver.name === name))
  if (unknown.length > 0) throw new TypeError(`Unknown driver: ${unknown.join(', ')}.`)
  if (framework !== undefined && !frameworks.includes(framework))
    throw new TypeError(`Unknown framework: ${framework}.`)
  if ((base === undefined) !== (token === undefined))
    throw new TypeError('--base requires --token, and --token requires --base.')
  if (base !== undefined && framework !== undefined) throw new TypeError('--framework cannot be combined with --base.')
  if (base !== undefined && prove) throw new TypeError('--prove cannot be combined with --base.')
  if (base !== undefined && !URL.canParse(base)) throw new TypeError('--base must be a URL.')
  return {
    chosen: drivers.filter(({ name }) => only === undefined || only.includes(name)),
    framework: framework ?? 'hono',
    server: base === undefined ? undefined : { url: base, token },
    verbose,
    prove,
  }
}
