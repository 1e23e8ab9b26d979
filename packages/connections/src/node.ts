/** The parts of connections that need Node: key sets fetched from addresses that are checked, rate limits. */
export {}
