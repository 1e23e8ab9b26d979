import { isAttributePathText } from '../../schema/attribute-name.js'

const longest = 128

/** A path or name for an error text. A text that is not an attribute path could be personal data, and is not shown. */
export function shownName(text: string): string {
  return text.length <= longest && isAttributePathText(text) ? text : 'An attribute'
}
