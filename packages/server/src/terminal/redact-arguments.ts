/**
 * A usage error without the values of arguments that may be secret. Commander quotes unknown arguments: a mistyped flag
 * with its value, or a URL in the place of a command.
 */
export function redactArguments(text: string, argv: readonly string[]): string {
  let shown = text
  for (const argument of argv) {
    const equals = argument.startsWith('-') ? argument.indexOf('=') : -1
    const value = argument.slice(equals + 1)
    if (equals !== -1)
      shown = shown.replaceAll(`unknown option '${argument}'`, `unknown option '${argument.slice(0, equals)}'`)
    if (mayBeSecret(value)) shown = shown.replaceAll(value, '(not shown)')
  }
  return shown
}

// A URL, which may contain a password, the key=value form of libpq, or a token or client secret of a connection.
function mayBeSecret(value: string): boolean {
  if (value.startsWith('scim_') || value.startsWith('scimsec_')) return true
  return value.includes('://') || value.includes('@') || value.toLowerCase().includes('password=')
}
