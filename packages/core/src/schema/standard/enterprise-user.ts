/**
 * The enterprise extension of User.
 * @see RFC 7643 §4.3, §8.7.1; errata 8471 (`manager.value` is caseExact)
 */
export const enterpriseUserSchema = {
  id: 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User',
  name: 'EnterpriseUser',
  description: 'Enterprise User',
  attributes: {
    employeeNumber: { description: 'The identifier that the organization gave to the person.' },
    costCenter: { description: 'The name of a cost center.' },
    organization: { description: 'The name of an organization.' },
    division: { description: 'The name of a division.' },
    department: { description: 'The name of a department.' },
    manager: {
      type: 'complex',
      description: "The user's manager.",
      subAttributes: {
        value: { caseExact: true, description: "The id of the User resource that is the user's manager." },
        $ref: {
          type: 'reference',
          referenceTypes: ['User'],
          caseExact: true,
          description: "The URI of the manager's User resource.",
        },
        displayName: {
          mutability: 'readOnly',
          description: "The manager's displayName, looked up when the user is read.",
        },
      },
    },
  },
} as const
