/** The tools over stdin and stdout, for an agent that starts the server as a process of its own. */
export { type McpStdio, type McpStdioSource, type StdioOptions, serveMcpStdio } from './server/serve-stdio.js'
