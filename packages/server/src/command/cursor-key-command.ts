import { Command } from 'commander'
import { wholeNumber } from './flag-values.js'
import { addStoreFlags, type StoreFlags } from './store-flags.js'
import { useStore } from './use-store.js'

type Flags = StoreFlags & { readonly cursorSeconds: number }

/** The command `cursor-key` with its command `rotate`; `file` is the default database. */
export function cursorKeyCommand(file: string): Command {
  const rotate = new Command('rotate')
    .description(
      'Create a new key for cursors in the database. May run beside servers, which use it within 30 seconds.',
    )
    .option(
      '--cursor-seconds <seconds>',
      'earlier keys open cursors for so long after the new one is used: the longest life of a cursor; 0 for a key that is known to others',
      wholeNumber(0, 31_536_000),
      3_600,
    )
  addStoreFlags(rotate).action(async (flags: Flags) => {
    await useStore(flags, rotate, file, async ({ place, rotateCursorKey }) => {
      const rotated = await rotateCursorKey?.({ cursorSeconds: flags.cursorSeconds })
      if (rotated === undefined) return
      const { sealsFrom, earlierUntil } = rotated
      process.stdout.write(`${place}: the new key seals from ${sealsFrom}, earlier keys open until ${earlierUntil}\n`)
    })
  })
  return new Command('cursor-key')
    .description('The key that encrypts cursors, kept in the database.')
    .addCommand(rotate)
}
