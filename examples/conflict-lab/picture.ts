/** The results as text graphics. */
import { lostIn, slice, type Tally } from './experiment.js'

const width = 50
const heights = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█']

/** The common scale of the panels, so that they can be compared. */
export interface Scale {
  /** The longest bar. */
  readonly most: number
  /** Slices of time in a character. */
  readonly slices: number
}

/** A scale that fits all results. */
export function scaleOf(...tallies: readonly Tally[]): Scale {
  const longest = Math.max(...tallies.map(({ slices }) => slices.length))
  return {
    most: Math.max(...tallies.map(({ acknowledged }) => acknowledged), 1),
    slices: Math.max(Math.ceil(longest / width), 1),
  }
}

/** One line while an experiment runs. */
export function liveLine(name: string, seconds: number, { acknowledged, conflicts, tries }: Tally): string {
  const time = `${seconds.toFixed(1)} s`.padStart(7)
  return `${name.padEnd(20)}${time}   ${count(acknowledged)} acknowledged ${count(conflicts)} conflicts ${count(tries)} tries`
}

/** A server's run as a panel. */
export function panel(name: string, tally: Tally, scale: Scale): readonly string[] {
  const { acknowledged, unknown, counted, conflicts, tries, slices } = tally
  return [
    name,
    bar('acknowledged', acknowledged, scale, '█'),
    bar('in the record', counted, scale, '█'),
    bar('LOST', lostIn(tally), scale, '░'),
    ...(unknown === 0 ? [] : [bar('in doubt', unknown, scale, '▒')]),
    `  ${'in time'.padEnd(14)}${sparkline(slices, scale)}  per ${scale.slices * slice} ms`,
    `  ${'conflicts'.padEnd(14)}${conflicts}, each seen by its writer: ${(tries / Math.max(acknowledged, 1)).toFixed(2)} tries for a write`,
  ]
}

function bar(label: string, value: number, { most }: Scale, block: string): string {
  const length = value === 0 ? 0 : Math.max(1, Math.round((value / most) * width))
  return `  ${label.padEnd(14)}${block.repeat(length)} ${value}`
}

function sparkline(slices: readonly number[], { slices: each }: Scale): string {
  const sums = Array.from({ length: Math.ceil(slices.length / each) }, (_, i) =>
    slices.slice(i * each, (i + 1) * each).reduce((sum, value) => sum + value, 0),
  )
  const most = Math.max(...sums, 1)
  return sums.map((value) => heights[Math.round((value / most) * (heights.length - 1))]).join('')
}

const count = (value: number): string => String(value).padStart(6)
