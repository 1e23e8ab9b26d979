/** The command on a SQLite file: its place, its permissions, its journal, damage. */
import { copyFileSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import Database from 'libsql'
import { folder, run, serve, serveAsIs } from '../support/command.js'
import { end, post, quiet, shownToken, total } from '../support/served.js'
import { user } from '../support/user.js'

describe('a SQLite file', () => {
  test('is ./scimkit.db by default, and closed cleanly by SIGTERM', async () => {
    const path = join(folder, 'scimkit.db')
    const first = await serveAsIs(quiet)
    const token = shownToken(first)
    expect(first.output.stderr).toContain(`data ${path}\n`)
    await post(first, token, user('ada')).expect(201)
    // The log and its index in WAL mode, else the rollback journal.
    const beside = ['-wal', '-shm', '-journal'].map((end) => path + end).filter((file) => existsSync(file))
    expect(beside).not.toEqual([])
    for (const file of [path, ...beside]) expect([file, statSync(file).mode & 0o777]).toEqual([file, 0o600])
    expect(await end(first, 'SIGTERM')).toBe(0)
    // All data is in the one file that users copy. (libsql leaves the other files, empty.)
    expect(existsSync(`${path}-wal`) ? statSync(`${path}-wal`).size : 0).toBe(0)
    copyFileSync(path, join(folder, 'copy.db'))
    const copy = await serve(['--data', 'copy.db', ...quiet])
    expect(await total(copy, token)).toBe(1)
    const second = await serveAsIs(['--data', './scimkit.db', '--durability', 'normal', ...quiet])
    expect(await total(second, token)).toBe(1)
  })

  test('has no token yet after a start that failed because the port was in use', async () => {
    const { port } = await serve(quiet)
    const flags = ['--data', 'taken.db', ...quiet]
    expect(run(['serve', ...flags, '--port', port]).stderr).toMatch(/^Cannot listen: .*\n$/)
    shownToken(await serve(flags))
  })

  test('is reported in one line if another process has locked it when a token is to be stored', () => {
    run(['migrate', '--data', 'held.db'])
    const holder = new Database(join(folder, 'held.db'))
    holder.exec('begin immediate')
    const { status, stdout, stderr } = run(['serve', '--data', 'held.db', '--port', '0', ...quiet])
    holder.close()
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
    expect(stderr).toMatch(/^Cannot use .*held\.db: database locked by another process for 5000 ms\.\n$/)
  })

  test('in journal mode wal-exclusive is for one process; the next is rejected in one line', async () => {
    const flags = ['--data', 'alone.db', ...quiet]
    await serve([...flags, '--journal', 'wal-exclusive'])
    for (const journal of [[], ['--journal', 'wal-exclusive']]) {
      const { status, stdout, stderr } = run(['serve', ...flags, '--port', '0', ...journal])
      expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
      expect(stderr).toMatch(/^Cannot use .*alone\.db: .*[Aa]nother process.*wal-exclusive.*\n$/)
    }
  })

  test('is checked by `scimkit check`; a damaged one is rejected with instructions', async () => {
    expect(run(['migrate', '--data', 'whole.db']).status).toBe(0)
    const path = join(folder, 'whole.db')
    expect(run(['check', '--data', path])).toEqual({ status: 0, stdout: `${path}: no damage found\n`, stderr: '' })
    const bytes = readFileSync(path)
    bytes.fill(0, 4_096)
    writeFileSync(join(folder, 'damaged.db'), bytes)
    const checked = run(['check', '--data', 'damaged.db'])
    expect(checked.status).toBe(1)
    expect(checked.stdout + checked.stderr).toMatch(/damaged.*restore a backup/)
    expect(run(['serve', '--data', 'damaged.db', '--port', '0', ...quiet])).toEqual({
      status: 1,
      stdout: '',
      stderr: expect.stringMatching(/^Cannot use .*damaged\.db: The SQLite file is damaged.*restore a backup\.\n$/),
    })
    expect(run(['check', '--data', 'nowhere.db'])).toMatchObject({ status: 1, stdout: '' })
    expect(existsSync(join(folder, 'nowhere.db'))).toBe(false)
    expect(run(['check', '--store', 'memory'])).toMatchObject({ status: 2, stdout: '' })
  })

  test('is not shared in WAL mode by an SQLite with the WAL-reset bug', () => {
    const { status, stderr } = run([
      'serve',
      '--data',
      'bug.db',
      '--sqlite-engine',
      'libsql',
      '--journal',
      'wal',
      ...quiet,
    ])
    expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringMatching(/^Cannot use .*WAL-reset bug.*\n$/) })
  })

  test.each<[string, RegExp, () => string]>([
    [
      'in a folder that does not exist',
      /the folder .*nowhere does not exist\. Create it first/,
      () => join('nowhere', 'people.db'),
    ],
    [
      'that is a folder',
      /it is not a file/,
      () => {
        mkdirSync(join(folder, 'a-folder'), { recursive: true })
        return 'a-folder'
      },
    ],
    [
      'that is not a database',
      /not a database/,
      () => {
        writeFileSync(join(folder, 'letter.txt'), 'Dear Charles, '.repeat(1_000))
        return 'letter.txt'
      },
    ],
  ])('%s is rejected in one line', (_, words, make) => {
    const path = make()
    for (const command of ['serve', 'migrate']) {
      const { status, stdout, stderr } = run([command, '--data', path])
      expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
      expect(stderr).toMatch(new RegExp(`^Cannot use ${join(folder, path)}: .*${words.source}.*\\n$`))
    }
  })
})
