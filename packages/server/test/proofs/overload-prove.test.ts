/**
 * Far more requests than the server can process, also with large bodies, in a small heap: it rejects the excess, its memory
 * is bounded, no acknowledged write is lost, and it answers normally soon after.
 */
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { effort } from '../../../testkit/test/support/effort.js'
import { folder, serve } from '../support/command.js'
import { lost, overload } from '../support/overload.js'

const full = effort === 'full'
const load = full
  ? { clients: 1_000, milliseconds: 60_000, largeBodies: 60, members: 180_000 }
  : { clients: 100, milliseconds: 2_000, largeBodies: 12, members: 20_000 }
// The short form reaches the same limits with less.
const limits = full
  ? []
  : ['inFlight=4', 'waitingRequests=16', 'bodyBytesInFlight=2000000', 'waitingBodies=4', 'passwordsInFlight=1'].flatMap(
      (limit) => ['--limit', limit],
    )

describe('ten times the load that it can process', () => {
  test.each(['memory', `sqlite:${join(folder, 'overload.db')}`])(
    'on %s',
    async (store) => {
      const server = await serve(['--store', store, '--no-auth', '--log', 'silent', ...limits], {
        NODE_OPTIONS: '--max-old-space-size=512',
      })
      const seen = await overload({ url: server.url, pid: server.child.pid, ...load })
      const { statuses, large, withoutRetryAfter, created, recovery, rss } = seen
      console.log(
        `overload on ${store.split(':')[0]}: ${JSON.stringify(statuses)}, large bodies ${JSON.stringify(large)}, ${created.size} users acknowledged, recovery ${Math.round(recovery)} ms, at most ${Math.round(rss)} MiB`,
      )
      expect(server.child.exitCode).toBeNull()
      expect(Object.keys(statuses).filter((status) => !['200', '201', '429', '503'].includes(status))).toEqual([])
      expect(Object.keys(large).filter((status) => !['200', '429', '503'].includes(status))).toEqual([])
      expect((statuses[429] ?? 0) + (statuses[503] ?? 0)).toBeGreaterThan(0)
      expect(withoutRetryAfter).toBe(0)
      expect(created.size).toBeGreaterThan(0)
      expect(await lost(server.url, created)).toEqual([])
      // The short form only counts; durations need the full load.
      if (full) {
        expect(recovery).toBeLessThan(5_000)
        expect(rss).toBeLessThan(1_024)
      }
    },
    600_000,
  )
})
