/** The name of a type in names of tools: `User` is `user`, `BadgeReader` is `badge_reader`. */
export function nounOf(type: string): string {
  let noun = ''
  for (const character of type) {
    const isLetterOrDigit = /[A-Za-z0-9]/.test(character)
    const isStart = /[A-Z]/.test(character) && noun !== '' && !/[A-Z_]$/.test(noun.slice(-1))
    noun += isLetterOrDigit ? `${isStart ? '_' : ''}${character}` : '_'
  }
  return noun.toLowerCase()
}
