/**
 * One jest for the whole workspace; every folder with tests is a project. Siblings are imported from source, by the
 * `@scimkit/source` condition, so that no test can pass against yesterday's build.
 */
import { existsSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

// Set by `npm test`, which leaves the proofs to `npm test -- --all` (what CI runs) and `pnpm prove`.
// biome-ignore lint/suspicious/noUndeclaredEnvVars: Turborepo runs no tests
const proofs = process.env.SCIMKIT_PROOFS === 'skip' ? ['-prove\\.test\\.ts$'] : []

const folders = ['tools', ...readdirSync(new URL('packages/', import.meta.url)).map((name) => `packages/${name}`)]

const project = (folder) => ({
  displayName: folder.replace('packages/', ''),
  rootDir: folder,
  testEnvironment: fileURLToPath(new URL('tools/jest-environment.mjs', import.meta.url)),
  testMatch: ['<rootDir>/test/**/*.test.{ts,mjs}'],
  testPathIgnorePatterns: ['/node_modules/', ...proofs],
  extensionsToTreatAsEsm: ['.ts'],
  moduleFileExtensions: ['js', 'mjs', 'cjs', 'ts', 'json', 'node'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  testEnvironmentOptions: { customExportConditions: ['@scimkit/source', 'node', 'node-addons'] },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { swcrc: false, jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'es6' } },
    ],
  },
})

export default {
  projects: folders.filter((folder) => existsSync(new URL(`${folder}/test/`, import.meta.url))).map(project),
  // More than two cores need: some files mostly wait, for processes, locks and time limits.
  maxWorkers: 3,
  // Jest keeps the modules of every file it has run. With gigabytes of them each garbage collection takes seconds.
  workerIdleMemoryLimit: '700MB',
  testTimeout: 60_000,
}
