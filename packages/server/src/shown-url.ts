/** The URL as it may be shown: passwords stand before the host or among the parameters. */
export function withoutSecrets(text: string): string {
  const url = new URL(text)
  url.password = ''
  url.search = ''
  return url.href
}
