/**
 * The clients and suites that are run; the checks of a `suite` are third-party. `switches` are interop switches in addition
 * to the preset lenient that this client needs, and that the server may not know. One with `ownServer` starts its server by
 * itself, because it tests another endpoint than SCIM.
 */
export const drivers = [
  { name: 'scim2-tester', version: '0.5.2', language: 'python', what: 'suite from PyPI', suite: true },
  { name: 'scim-sanity', version: '0.7.4', language: 'python', what: 'suite from PyPI', suite: true },
  { name: 'scim2-client', version: '0.13.2', language: 'python', what: 'client from PyPI' },
  { name: 'pydantic-scim', version: '0.0.8', language: 'python', what: 'models from PyPI' },
  { name: 'unboundid', version: '5.0.0', language: 'java', what: 'client of UnboundID (Ping Identity)' },
  {
    name: 'unboundid-4',
    version: '4.1.0',
    language: 'java',
    what: 'the same before it knew `pagination`',
    switches: ['no-announcePagination'],
  },
  { name: 'scim-sdk', version: '1.30.0', language: 'java', what: 'client of the SCIM-SDK' },
  mcpConformance('mcp-conformance', '0.1.16', 'suite of the Model Context Protocol'),
  mcpConformance('mcp-conformance-2', '0.2.0-alpha.12', 'its next version, with revision 2026-07-28'),
  { name: 'connid', version: '1.0.5', language: 'java', what: 'SCIM bundle of ConnId (Apache Syncope, midPoint)' },
]

function mcpConformance(name, version, what) {
  const driver = 'mcp-conformance'
  return {
    name,
    driver,
    package: '@modelcontextprotocol/conformance',
    version,
    language: 'node',
    what,
    suite: true,
    ownServer: true,
  }
}
