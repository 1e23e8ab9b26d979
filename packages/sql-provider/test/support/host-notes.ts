/** The table of a host beside those of the provider, for the cases about its code in the unit of a write. */
import type { HostNotes } from '@scimkit/testkit'

type Ask = (text: string) => unknown

/** The notes in a database: `ask` runs one statement of the host and returns its rows, or a promise of them. */
export function notesIn(ask: Ask, waits: boolean, table = 'host_notes'): () => Promise<HostNotes> {
  return async () => {
    await ask(`create table if not exists ${table} (note text primary key)`)

    return {
      add: (note) => ({ texts: [`insert into ${table} (note) values (`, ')'], values: [note] }),
      list: async () => ((await ask(`select note from ${table}`)) as { note: string }[]).map(({ note }) => note),
      rollsBack: true,
      waits,
    }
  }
}
