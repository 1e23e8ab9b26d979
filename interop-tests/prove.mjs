/**
 * Shows that the checks are effective: each driver runs once behind every falsification, and each of its checks that passes with
 * unchanged traffic must fail for at least one of them. Of a suite only some must: its checks are third-party, but its
 * failures must be recognised.
 */

import { falsifications } from './falsified-traffic.mjs'
import { play } from './play.mjs'

export async function proveChecks(drivers, options) {
  const total = { passed: 0, failed: 0 }
  for (const driver of drivers) {
    const honest = await play(driver, options)
    const wanted = honest.checks.filter(({ ok }) => ok).map(({ id }) => id)
    const noticed = new Set()
    const noticedBy = []
    for (const [name, make] of Object.entries(falsifications)) {
      const { checks } = await play(driver, { ...options, falsification: make() })
      const failed = wanted.filter((id) => checks.some((check) => check.id === id && !check.ok))
      for (const id of failed) noticed.add(id)
      noticedBy.push(`${name}: ${failed.length}`)
    }
    const enough = driver.suite && noticed.size > 0
    const blind = enough ? [] : wanted.filter((id) => !noticed.has(id))
    console.log(
      `${blind.length > 0 ? '✗' : '✓'} ${driver.name.padEnd(14)} ${noticed.size} checks noticed something, ${blind.length} nothing (${noticedBy.join(', ')})`,
    )
    for (const id of blind) console.log(`  ${id}`)
    total.passed += noticed.size
    total.failed += blind.length
  }
  console.log(`${total.passed} passed, ${total.failed} failed`)
  process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0
}
