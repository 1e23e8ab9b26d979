import { type InteropSwitches, interopFrom } from '../../../src/interop.js'
import { defaultLimits, type Limits } from '../../../src/limits.js'
import type { ResourceType } from '../../../src/schema/attribute.js'
import { compileResourceType } from '../../../src/schema/compile.js'
import { userType as userDefinition } from '../../../src/schema/standard/resource-types.js'

export const lenient: InteropSwitches = interopFrom('lenient')
export const strict: InteropSwitches = interopFrom('strict')
export const limits: Limits = defaultLimits

export const userType: ResourceType = compileResourceType(userDefinition)

/** One attribute of every type and kind, for rules without an example in User. */
export const thingType: ResourceType = compileResourceType({
  name: 'Thing',
  endpoint: '/Things',
  schema: {
    id: 'urn:example:params:scim:schemas:2.0:Thing',
    name: 'Thing',
    attributes: {
      text: {},
      exact: { caseExact: true },
      link: { type: 'reference', referenceTypes: ['external'], caseExact: true },
      flag: { type: 'boolean' },
      count: { type: 'integer' },
      weight: { type: 'decimal' },
      born: { type: 'dateTime' },
      blob: { type: 'binary' },
      tags: { multiValued: true },
      scores: { type: 'integer', multiValued: true },
      place: { type: 'complex', subAttributes: { street: {}, floor: { type: 'integer' } } },
      owner: { type: 'complex', subAttributes: { value: { caseExact: true }, display: {} } },
      parts: {
        type: 'complex',
        multiValued: true,
        subAttributes: {
          value: {},
          type: {},
          primary: { type: 'boolean' },
          size: { type: 'integer' },
          aliases: { multiValued: true },
          $ref: { type: 'reference', caseExact: true },
          pin: { returned: 'never' },
        },
      },
      secret: { returned: 'never', mutability: 'writeOnly' },
      vault: { type: 'complex', returned: 'never', subAttributes: { value: {} } },
      keyring: { type: 'complex', subAttributes: { label: {}, pin: { mutability: 'writeOnly' } } },
    },
  },
  extensions: [
    {
      required: false,
      schema: {
        id: 'urn:example:params:scim:schemas:extension:2.0:Thing',
        name: 'ThingExtension',
        attributes: {
          colour: {},
          keeper: { type: 'complex', subAttributes: { value: { caseExact: true }, since: { type: 'dateTime' } } },
          hidden: { returned: 'never' },
        },
      },
    },
  ],
})

export const thingExtension = 'urn:example:params:scim:schemas:extension:2.0:Thing'
