import { isAttributePathText } from '../../schema/attribute-name.js'

const longest = 128

/** A path or name for an error text. What is no attribute path could be anything, and is not shown. */
export function shownName(text: string): string {
  return text.length <= longest && isAttributePathText(text) ? text : 'An attribute'
}
