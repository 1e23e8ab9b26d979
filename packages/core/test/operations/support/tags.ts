/** Tags of versions. */
export const stale = 'W/"9-000000000000000000000000"'
