/**
 * The core User schema.
 * @see RFC 7643 §4.1, §8.7.1; errata 6000/8470 (binary is caseExact, no uniqueness), 6004 (no uniqueness on complex
 * attributes), 8472 (`groups.$ref` refers to Group alone)
 */
export const userSchema = {
  id: 'urn:ietf:params:scim:schemas:core:2.0:User',
  name: 'User',
  description: 'User Account',
  attributes: {
    userName: {
      required: true,
      uniqueness: 'server',
      description:
        'Identifier for the User, used by the user to sign in. Unique within the service provider; case is ignored.',
    },
    name: {
      type: 'complex',
      description: "The parts of the user's real name.",
      subAttributes: {
        formatted: { description: 'The full name, formatted for display.' },
        familyName: { description: 'The family name, or last name.' },
        givenName: { description: 'The given name, or first name.' },
        middleName: { description: 'The middle name or names.' },
        honorificPrefix: { description: 'The honorific prefix or title, "Ms.".' },
        honorificSuffix: { description: 'The honorific suffix, "III".' },
      },
    },
    displayName: { description: 'The name of the user, suitable for display.' },
    nickName: { description: 'The casual way to address the user, "Bob" for "Robert".' },
    profileUrl: {
      type: 'reference',
      referenceTypes: ['external'],
      caseExact: true,
      description: "The URL of the user's profile page.",
    },
    title: { description: 'The title of the user, "Vice President".' },
    userType: { description: 'The relationship between the organization and the user, "Contractor".' },
    preferredLanguage: { description: 'The preferred languages, as in Accept-Language: "en-US".' },
    locale: { description: 'The default location for localising currency, dates and numbers: "en-US".' },
    timezone: { description: 'The time zone in the IANA database, "America/Los_Angeles".' },
    active: { type: 'boolean', description: "The user's administrative status." },
    password: {
      mutability: 'writeOnly',
      returned: 'never',
      caseExact: true,
      description: "The user's clear-text password, passed to the host and never stored or returned.",
    },
    emails: {
      type: 'complex',
      multiValued: true,
      description: 'E-mail addresses for the user.',
      subAttributes: {
        value: { description: 'The e-mail address.' },
        display: { description: 'A name for the address, for display.' },
        type: { canonicalValues: ['work', 'home', 'other'], description: 'The purpose of the address.' },
        primary: { type: 'boolean', description: 'True for the preferred address; at most one is.' },
      },
    },
    phoneNumbers: {
      type: 'complex',
      multiValued: true,
      description: 'Phone numbers for the user, as in RFC 3966.',
      subAttributes: {
        value: { description: 'The phone number.' },
        display: { description: 'A name for the number, for display.' },
        type: {
          canonicalValues: ['work', 'home', 'mobile', 'fax', 'pager', 'other'],
          description: 'The purpose of the number.',
        },
        primary: { type: 'boolean', description: 'True for the preferred number; at most one is.' },
      },
    },
    ims: {
      type: 'complex',
      multiValued: true,
      description: 'Instant messaging addresses for the user.',
      subAttributes: {
        value: { description: 'The instant messaging address.' },
        display: { description: 'A name for the address, for display.' },
        type: {
          canonicalValues: ['aim', 'gtalk', 'icq', 'xmpp', 'msn', 'skype', 'qq', 'yahoo'],
          description: 'The service.',
        },
        primary: { type: 'boolean', description: 'True for the preferred address; at most one is.' },
      },
    },
    photos: {
      type: 'complex',
      multiValued: true,
      description: 'URLs of photos of the user. Never fetched by the service provider.',
      subAttributes: {
        value: { type: 'reference', referenceTypes: ['external'], caseExact: true, description: 'The URL of a photo.' },
        display: { description: 'A name for the photo, for display.' },
        type: { canonicalValues: ['photo', 'thumbnail'], description: 'The purpose of the photo.' },
        primary: { type: 'boolean', description: 'True for the preferred photo; at most one is.' },
      },
    },
    addresses: {
      type: 'complex',
      multiValued: true,
      description: 'Postal addresses for the user.',
      subAttributes: {
        formatted: { description: 'The full address, formatted for display or a label; may contain new lines.' },
        streetAddress: { description: 'Street, house number and so on; may contain new lines.' },
        locality: { description: 'The city or locality.' },
        region: { description: 'The state or region.' },
        postalCode: { description: 'The zip code or postal code.' },
        country: { description: 'The country, in ISO 3166-1 alpha-2: "US".' },
        type: { canonicalValues: ['work', 'home', 'other'], description: 'The purpose of the address.' },
        primary: { type: 'boolean', description: 'True for the preferred address; at most one is.' },
      },
    },
    groups: {
      type: 'complex',
      multiValued: true,
      mutability: 'readOnly',
      description: 'Groups to which the user belongs, directly or by nesting; changed through the Group resource.',
      subAttributes: {
        value: { caseExact: true, mutability: 'readOnly', description: 'The id of the group.' },
        $ref: {
          type: 'reference',
          referenceTypes: ['Group'],
          caseExact: true,
          mutability: 'readOnly',
          description: 'The URI of the group.',
        },
        display: { mutability: 'readOnly', description: 'The name of the group, for display.' },
        type: {
          canonicalValues: ['direct', 'indirect'],
          mutability: 'readOnly',
          description: 'Whether the membership is direct or by nesting.',
        },
      },
    },
    entitlements: {
      type: 'complex',
      multiValued: true,
      description: 'Things that the user has a right to.',
      subAttributes: {
        value: { description: 'The entitlement.' },
        display: { description: 'A name for the entitlement, for display.' },
        type: { description: 'What kind of entitlement it is.' },
        primary: { type: 'boolean', description: 'True for the primary entitlement; at most one is.' },
      },
    },
    roles: {
      type: 'complex',
      multiValued: true,
      description: 'Roles of the user: "Student", "Faculty".',
      subAttributes: {
        value: { description: 'The role.' },
        display: { description: 'A name for the role, for display.' },
        type: { description: 'What kind of role it is.' },
        primary: { type: 'boolean', description: 'True for the primary role; at most one is.' },
      },
    },
    x509Certificates: {
      type: 'complex',
      multiValued: true,
      description: 'Certificates issued to the user.',
      subAttributes: {
        value: { type: 'binary', caseExact: true, description: 'A DER-encoded X.509 certificate, in base64.' },
        display: { description: 'A name for the certificate, for display.' },
        type: { description: 'The purpose of the certificate.' },
        primary: { type: 'boolean', description: 'True for the primary certificate; at most one is.' },
      },
    },
  },
} as const
