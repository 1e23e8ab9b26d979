/** The output of results on a terminal. */

/** A table with columns as wide as their longest cell. */
export function table(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => String(row[column]).length)))
  return rows
    .map((row) =>
      row
        .map((cell, i) => String(cell).padEnd(widths[i]))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** The request and the response of an exchange, as lines; long bodies are truncated. The token is not shown. */
export function shownExchange({ request, response }) {
  const headers = Object.entries(request.headers).filter(([name]) => shownRequestHeaders.has(name))
  const answered = Object.entries(response?.headers ?? {}).filter(([name]) => shownResponseHeaders.has(name))
  return [
    `> ${request.method} ${request.target}`,
    ...headers.map(([name, value]) => `> ${name}: ${value}`),
    ...(request.body === '' ? [] : [`> ${cut(request.body)}`]),
    `< ${response?.status ?? 'no answer'}`,
    ...answered.map(([name, value]) => `< ${name}: ${value}`),
    ...(response === undefined || response.body === '' ? [] : [`< ${cut(response.body)}`]),
  ]
}

const shownRequestHeaders = new Set(['content-type', 'if-match', 'if-none-match', 'prefer', 'content-encoding'])
const shownResponseHeaders = new Set(['etag', 'content-type', 'location'])

const longest = 1_500
const cut = (text) => (text.length > longest ? `${text.slice(0, longest)} … (${text.length} characters)` : text)

/** The exchanges that happened while a check ran, which may be none or those of a whole suite. */
export function exchangesOf({ started, ended }, exchanges) {
  return exchanges.filter((exchange) => exchange.started >= started && exchange.started <= ended)
}
