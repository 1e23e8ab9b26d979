/** Drivers that break a promise of the outbox, so that the checks can be seen to fail. */
import type { Driver, Step } from '../../../src/driver/driver.js'

/** A way to break an outbox: a driver made from one that is correct. */
export type BreakDriver = (driver: Driver) => Driver

const isRow = ({ sql }: Step): boolean => sql.startsWith('insert into "scim_outbox"')
const isCascadeRow = (step: Step): boolean => isRow(step) && step.sql.includes("'cascade'")

/** What is wrong, and the driver that has it. */
export const brokenOutboxes: Readonly<Record<string, BreakDriver>> = {
  'the row is written after the unit, and the process ends in between': (driver) => {
    let units = 0
    return {
      ...driver,
      async write(steps) {
        const end = await driver.write(steps.filter((step) => !isRow(step)))
        const rows = steps.filter(isRow)
        if (rows.length > 0) units += 1
        if (end === 'written' && rows.length > 0 && units % 3 !== 0) await driver.write(rows)
        return end
      },
    }
  },
  'the row is written before the commit': (driver) => ({
    ...driver,
    async write(steps) {
      const rows = steps.filter(isRow)
      if (rows.length > 0) await driver.write(rows)
      return driver.write(steps.filter((step) => !isRow(step)))
    },
  }),
  'a cascade has no rows': (driver) => ({
    ...driver,
    write: (steps) => driver.write(steps.filter((step) => !isCascadeRow(step))),
  }),
  'a retried unit has a row for each attempt': (driver) => ({
    ...driver,
    write: (steps) => driver.write(steps.flatMap((step) => (isRow(step) ? [step, step] : [step]))),
  }),
  'a delivery is finished without a check of the lease': (driver) => ({
    ...driver,
    write: (steps) =>
      driver.write(
        steps.map((step) =>
          step.sql.startsWith('delete from "scim_deliveries"')
            ? { ...step, sql: step.sql.replace('"owner" = ?', '? is not null') }
            : step,
        ),
      ),
  }),
  'a change is delivered before an earlier one of its resource is finished': (driver) => ({
    ...driver,
    write: (steps) =>
      driver.write(steps.map((step) => ({ ...step, sql: step.sql.replace("then 'blocked'", "then 'waiting'") }))),
  }),
}
