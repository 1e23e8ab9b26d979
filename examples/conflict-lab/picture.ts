/** What came of it, as a picture of text. */
import { lostIn, slice, type Tally } from './experiment.js'

const width = 50
const heights = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█']

/** One line while an experiment runs. */
export function liveLine(name: string, seconds: number, { acknowledged, conflicts, retries }: Tally): string {
  const time = `${seconds.toFixed(1)} s`.padStart(7)
  return `${name.padEnd(20)}${time}   ${count(acknowledged)} acknowledged ${count(conflicts)} conflicts ${count(retries)} retries`
}

/** A server's run as a panel; `most` is the longest bar of all panels. */
export function panel(name: string, tally: Tally, most: number): readonly string[] {
  const lost = lostIn(tally)
  return [
    name,
    bar('acknowledged', tally.acknowledged, most, '█'),
    bar('in the record', tally.counted, most, '█'),
    bar('LOST', lost, most, '░'),
    `  ${'in time'.padEnd(14)}${sparkline(tally.slices)}  acknowledged per ${slice} ms`,
    `  ${'conflicts'.padEnd(14)}${tally.conflicts}, each seen by its writer and tried again: ${(1 + tally.retries / Math.max(tally.acknowledged, 1)).toFixed(2)} attempts a write`,
  ]
}

function bar(label: string, value: number, most: number, block: string): string {
  const length = value === 0 ? 0 : Math.max(1, Math.round((value / Math.max(most, 1)) * width))
  return `  ${label.padEnd(14)}${block.repeat(length)} ${value}`
}

function sparkline(slices: readonly number[]): string {
  const all = Array.from({ length: slices.length }, (_, i) => slices[i] ?? 0).slice(0, width)
  const most = Math.max(...all, 1)
  return all.map((value) => heights[Math.round((value / most) * (heights.length - 1))]).join('')
}

const count = (value: number): string => String(value).padStart(6)
