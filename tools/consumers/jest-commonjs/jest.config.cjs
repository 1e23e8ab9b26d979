module.exports = {
  transform: {
    '^.+\\.ts$': 'ts-jest',
    // ScimKit and Kysely are published as ES modules; this compiles them for Jest's CommonJS.
    '^.+\\.js$': ['@swc/jest', { module: { type: 'commonjs' } }],
  },
  transformIgnorePatterns: ['node_modules/(?!(.*/)?(@scimkit|kysely)/)'],
}
