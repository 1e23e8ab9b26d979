/** The OAuth contract on each framework (AUTH-1 to AUTH-26). */
import { describe, test } from '@jest/globals'
import { applications, withWorld } from '../support/oauth-servers.js'
import { oauthCases } from './oauth-contract.js'

describe.each(Object.entries(applications))('%s', (_name, makeListener) => {
  test.each(oauthCases.map((one) => [`${one.id}: ${one.title} (${one.rules.join(', ')})`, one] as const))(
    '%s',
    async (_title, { options = {}, run }) => withWorld(makeListener, options, run),
  )
})
