/** All cases of the OAuth contract. Each has a world of its own. */
import { assertionCases } from './assertion-cases.js'
import { entraCases } from './entra-cases.js'
import { keyCases } from './key-cases.js'
import { metadataCases } from './metadata-cases.js'
import { tokenCases } from './token-cases.js'
import type { OAuthCase } from './world.js'

export const oauthCases: readonly OAuthCase[] = [
  ...metadataCases,
  ...tokenCases,
  ...assertionCases,
  ...keyCases,
  ...entraCases,
]
