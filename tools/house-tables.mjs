/** The tables of docs/house.md that tools compare the code with. */

/** The part of a markdown text from a heading of the second level to the next one. */
export const section = (markdown, heading) => markdown.split(/^## /m).find((part) => part.startsWith(heading)) ?? ''

/** The table in a part of a markdown text, as rows of cells; a cell is the list of its `code` spans. */
export function table(part) {
  const rows = part.split('\n').filter((line) => line.startsWith('|'))
  const cells = (line) => line.split('|').slice(1, -1)
  return rows
    .slice(2)
    .map((line) => cells(line).map((cell) => [...cell.matchAll(/`([^`]+)`/g)].map((match) => match[1])))
}
