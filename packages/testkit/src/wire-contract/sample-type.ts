import type { ResourceTypeDefinition } from '@scimkit/core/schema'

/** URN of {@link sampleType}. */
export const deviceUrn = 'urn:scimkit:params:scim:schemas:testkit:2.0:Device'
/** URN of the extension that {@link sampleType} requires. */
export const warrantyUrn = 'urn:scimkit:params:scim:schemas:testkit:extension:2.0:Warranty'

/**
 * A resource type with every characteristic and every data type of RFC 7643 §2.2 and §2.3, so that each can be tested over
 * the wire. A server under test serves it in addition to User and Group.
 */
export const sampleType: ResourceTypeDefinition = {
  name: 'Device',
  endpoint: '/Devices',
  description: 'Device',
  schema: {
    id: deviceUrn,
    name: 'Device',
    description: 'Something to try every characteristic with',
    attributes: {
      serialNumber: {
        required: true,
        caseExact: true,
        mutability: 'immutable',
        uniqueness: 'server',
        description: 'Immutable, unique and case-sensitive.',
      },
      label: { description: 'Text that ignores case.' },
      code: { caseExact: true, description: 'Text whose case counts.' },
      weight: { type: 'decimal', description: 'A number.' },
      ports: { type: 'integer', description: 'A whole number.' },
      online: { type: 'boolean', description: 'True or false.' },
      bought: { type: 'dateTime', description: 'A date and a time.' },
      picture: { type: 'binary', caseExact: true, description: 'Bytes.' },
      manual: { type: 'reference', referenceTypes: ['external'], caseExact: true, description: 'A URL elsewhere.' },
      colours: { multiValued: true, canonicalValues: ['red', 'green'], description: 'Several texts.' },
      owner: {
        type: 'complex',
        description: 'A user.',
        subAttributes: {
          value: { caseExact: true, description: 'The id of the user.' },
          $ref: { type: 'reference', referenceTypes: ['User'], caseExact: true, description: 'The URI of the user.' },
        },
      },
      maker: { mutability: 'immutable', description: 'Set once.' },
      firmware: { mutability: 'readOnly', description: 'What no client sets.' },
      pin: { mutability: 'writeOnly', returned: 'never', caseExact: true, description: 'Never returned.' },
      notes: { returned: 'request', description: 'Returned on request, and in responses to writes that contain it.' },
      tag: { returned: 'always', description: 'Always returned.' },
    },
  },
  extensions: [
    {
      required: true,
      schema: {
        id: warrantyUrn,
        name: 'Warranty',
        description: 'What every device must have',
        attributes: {
          until: { type: 'dateTime', required: true, description: 'The end of it.' },
          seller: { description: 'Who gave it.' },
        },
      },
    },
  ],
}
