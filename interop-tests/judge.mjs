/**
 * The verdict from a driver's report and exit code: `{passed, allowed, failures}`, where a failure is `{id, detail, check?}`.
 */
export function judge({ driver, run, report, allowances }) {
  const own = allowances.filter((allowance) => allowance.driver === driver)
  if (run.timedOut) return broken(`It did not end within ${run.limit / 1000} seconds.`)
  if (report === undefined) return broken(`It wrote no report (exit code ${run.code}).`)
  if (report.checks.length === 0) return broken('It ran no check.')
  const failed = report.checks.filter(({ ok }) => !ok)
  const contradiction = failed.length === 0 ? run.code !== 0 : run.code !== 1
  const failures = failed
    .filter(({ id }) => !own.some((allowance) => allowance.id === id))
    .map((check) => ({ id: check.id, detail: check.detail, check }))
  for (const { id } of own) {
    if (failed.some((check) => check.id === id)) continue
    const ran = report.checks.some((check) => check.id === id)
    failures.push({ id: `stale allowance: ${id}`, detail: ran ? 'The check passes.' : 'There is no such check.' })
  }
  if (contradiction) failures.push({ id: 'exit code', detail: `${run.code}, with ${failed.length} failed checks` })
  const allowed = failed.length - failures.filter(({ check }) => check !== undefined).length
  return { passed: report.checks.length - failed.length, allowed, failures }
}

const broken = (detail) => ({ passed: 0, allowed: 0, failures: [{ id: 'driver', detail }] })
