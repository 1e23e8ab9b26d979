/**
 * The example `deprovision` under kill -9, at random moments and between commit and delivery: every acknowledged deactivation is
 * delivered, in order for each user, and none before its commit; an inactive user has no session, and an active user keeps its
 * own. 6 kills between commit and delivery here, 200 with SCIMKIT_EFFORT=full.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, jest } from '@jest/globals'
import { effort, seed } from '../../../testkit/test/support/effort.js'
import { killBeforeDelivery } from '../support/deprovision/kills.js'

const kills = effort === 'full' ? 200 : 6

// Each kill is followed by the start of a process; `prove` has its own time limit.
if (effort === 'short') jest.setTimeout(300_000)

it(`deactivations survive ${kills} kills between commit and delivery`, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'scimkit-deprovision-'))
  try {
    const { violations, ...figures } = await killBeforeDelivery(join(folder, 'app.db'), kills, seed)
    process.stdout.write(`deprovision: ${JSON.stringify(figures)}, seed ${seed}\n`)
    expect(violations).toEqual([])
    expect(figures.undelivered).toBe(kills)
    expect(figures.acknowledged).toBeGreaterThan(kills / 2)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
