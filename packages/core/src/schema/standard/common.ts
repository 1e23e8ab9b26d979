/**
 * The attributes of every resource.
 * @see RFC 7643 §3 (`schemas`), §3.1 (`id`, `externalId`, `meta`)
 */
export const commonAttributes = {
  schemas: {
    type: 'reference',
    referenceTypes: ['uri'],
    multiValued: true,
    required: true,
    caseExact: true,
    returned: 'always',
    description: 'The URNs of the schemas that the resource is made of.',
  },
  id: {
    caseExact: true,
    mutability: 'readOnly',
    returned: 'always',
    uniqueness: 'server',
    description: 'The identifier of the resource, assigned by the service provider.',
  },
  externalId: {
    caseExact: true,
    description: 'The identifier of the resource, assigned by the provisioning client.',
  },
  meta: {
    type: 'complex',
    mutability: 'readOnly',
    description: 'Metadata of the resource, assigned by the service provider.',
    subAttributes: {
      resourceType: { caseExact: true, mutability: 'readOnly', description: 'The name of the resource type.' },
      created: { type: 'dateTime', mutability: 'readOnly', description: 'When the resource was added.' },
      lastModified: { type: 'dateTime', mutability: 'readOnly', description: 'When the resource was last changed.' },
      location: {
        type: 'reference',
        referenceTypes: ['uri'],
        caseExact: true,
        mutability: 'readOnly',
        description: 'The URI of the resource.',
      },
      version: { caseExact: true, mutability: 'readOnly', description: 'The version, the same as the ETag.' },
    },
  },
} as const
