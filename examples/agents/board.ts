/** The agents while they work: a line for each, which is updated on a terminal. */
import { columns } from '../stage/columns.js'
import type { Tally } from './agent.js'

/** The figures of one writer, as the board shows them. */
export interface Row {
  readonly name: string
  readonly tally: Tally
}

/** The lines of the board. `most` is the largest number of writes that a bar stands for. */
export function boardLines(rows: readonly Row[], most: number, width: number = columns()): readonly string[] {
  const room = Math.max(8, Math.min(32, width - 62))
  return rows.map(({ name, tally: { written, conflicts, merged } }) => {
    const bar = '█'.repeat(Math.min(room, Math.round((written / Math.max(most, 1)) * room))).padEnd(room, '░')
    const figures = `${String(written).padStart(4)} written  ${String(conflicts).padStart(3)} conflicts  ${String(merged).padStart(3)} merged`
    return `  ${name.padEnd(18)}${bar} ${figures}`
  })
}

/** Draws the board over the one before. */
export function draw(lines: readonly string[], isFirst: boolean, write: (text: string) => unknown): void {
  const up = isFirst ? '' : `\u001b[${lines.length}A`
  write(up + lines.map((line) => `\u001b[2K${line}\n`).join(''))
}
