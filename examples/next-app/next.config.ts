import type { NextConfig } from 'next'

const config: NextConfig = {
  // Some identity providers add a slash, and follow no redirect.
  skipTrailingSlashRedirect: true,
  // The store has machine code, which no bundler can read.
  serverExternalPackages: ['libsql', 'kysely', '@scimkit/sql-provider'],
}

// biome-ignore lint/style/noDefaultExport: Next.js expects one
export default config
