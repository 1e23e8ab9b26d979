/**
 * `pnpm test:interop`: third-party SCIM clients and suites, from PyPI and Maven, against `scimkit serve` in lenient.
 * Each has its own server, a progress line, and a row of the table; the last line counts checks.
 */
import { build, checkNode, seconds } from '../tools/workspace.mjs'
import { javaMissing } from './java.mjs'
import { nodeMissing } from './node.mjs'
import { optionsOf } from './options.mjs'
import { play } from './play.mjs'
import { proveChecks } from './prove.mjs'
import { pythonMissing } from './python.mjs'
import { exchangesOf, shownExchange, table } from './shown.mjs'

checkNode()
const options = optionsOf(process.argv.slice(2))
const started = performance.now()

if (options.server === undefined) {
  const { ok, output } = await build()
  if (!ok) {
    console.error(output)
    console.log('0 passed, 1 failed')
    process.exit(1)
  }
}

const missing = { python: await pythonMissing(), java: await javaMissing(), node: await nodeMissing() }
const reasonOf = ({ language, ownServer }) => {
  if (ownServer && options.server !== undefined) return 'it has a server of its own'
  return ownServer && options.prove ? 'its traffic is not recorded' : missing[language]
}
const runnable = options.chosen.filter((driver) => reasonOf(driver) === undefined)
const skipped = options.chosen.filter((driver) => reasonOf(driver) !== undefined)

if (options.prove) {
  await proveChecks(runnable, options)
} else {
  const rows = [['driver', 'version', 'passed', 'allowed', 'failed', 'time', 'report']]
  const total = { passed: 0, failed: 0 }
  for (const driver of runnable) {
    const begun = performance.now()
    const { passed, allowed, failures, remarks } = await report(driver)
    total.passed += passed
    total.failed += failures.length
    const time = seconds(begun)
    console.log(
      `${failures.length > 0 ? '✗' : '✓'} ${driver.name.padEnd(14)} ${time.padStart(7)} ${passed} passed, ${failures.length} failed`,
    )
    rows.push([driver.name, driver.version, passed, allowed, failures.length, time, remarks])
  }
  for (const driver of skipped) {
    const { name, version } = driver
    const reason = reasonOf(driver)
    console.log(`- ${name.padEnd(14)} not run: ${reason}`)
    rows.push([name, version, '-', '-', '-', '-', `not run: ${reason}`])
  }
  if (runnable.length === 0) {
    console.log('✗ no driver ran')
    total.failed += 1
  }
  console.log(`\n${table(rows)}\n\n${seconds(started)} in all`)
  const rest = skipped.length > 0 ? `, ${skipped.length} skipped` : ''
  console.log(`${total.passed} passed, ${total.failed} failed${rest}`)
  process.exitCode = total.failed > 0 ? 1 : 0
}

/** Runs a driver and prints its failures; a driver that cannot be installed or started is a failure. */
async function report(driver) {
  try {
    const result = await play(driver, options)
    for (const note of result.notes) console.log(`  ${driver.name}: ${note}`)
    for (const { id, detail, check } of result.failures) {
      console.log(`  ${driver.name}: ${id}\n    ${detail}`)
      if (check === undefined) {
        console.log(indented(result.output.split('\n').slice(-20)))
        continue
      }
      const all = exchangesOf(check, result.exchanges)
      for (const exchange of options.verbose ? all : all.slice(-2)) console.log(indented(shownExchange(exchange)))
    }
    const remarks = result.failures.map(({ id }) => id).join(', ')
    return { ...result, remarks: remarks === '' ? 'no complaint' : remarks }
  } catch (error) {
    console.log(`  ${driver.name}: ${error.message}`)
    return { passed: 0, allowed: 0, failures: [{ id: 'driver' }], remarks: 'could not be run' }
  }
}

function indented(lines) {
  return lines.map((line) => `    ${line}`).join('\n')
}
