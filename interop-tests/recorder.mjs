/**
 * A proxy on loopback between a client and the server. It records every request and response, so that a failed check can
 * show the actual traffic. With a falsification it also falsifies traffic, to show that the checks detect it.
 */
import { createServer, request as httpRequest } from 'node:http'

/** Headers that belong to one connection (RFC 9110 §7.6.1) or are set again by Node. */
const perConnection = new Set(['connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'content-length', 'expect'])

/**
 * Listens and returns `{url, exchanges, stop}`. `url` has the path of `target`. The server sees the Host header of the
 * client, so that the URLs in its responses point to this proxy.
 */
export async function startRecorder(target, { falsification = {} } = {}) {
  const exchanges = []
  const base = new URL(target)
  const server = createServer(async (incoming, outgoing) => {
    const started = Date.now()
    const request = {
      method: incoming.method,
      target: incoming.url,
      headers: keptHeaders(incoming.headers),
      body: await textOf(incoming),
    }
    // The token is not written to files.
    const { authorization, ...shown } = request.headers
    const recorded = { started, request: { ...request, headers: shown }, response: undefined }
    exchanges.push(recorded)
    try {
      const sent = falsification.request?.(structuredClone(request)) ?? request
      const answer = falsification.answer?.(request) ?? (await forward(base, sent))
      const given = falsification.response?.(structuredClone(answer), request) ?? answer
      recorded.response = given
      reply(outgoing, request.method, given)
    } catch (error) {
      recorded.response = { status: 502, headers: {}, body: error.message }
      reply(outgoing, request.method, recorded.response)
    }
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const stop = () =>
    new Promise((resolve) => {
      server.close(resolve)
      server.closeAllConnections()
    })
  return { url: `http://127.0.0.1:${server.address().port}${base.pathname.replace(/\/$/, '')}`, exchanges, stop }
}

async function textOf(stream) {
  const chunks = []
  for await (const chunk of stream) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}

function keptHeaders(headers) {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !perConnection.has(name)))
}

function forward(base, { method, target, headers, body }) {
  const length = body === '' ? {} : { 'content-length': Buffer.byteLength(body) }
  return new Promise((resolve, reject) => {
    const options = { method, path: target, headers: { ...headers, ...length } }
    const outgoing = httpRequest(base.origin, options, async (answer) => {
      const { statusCode: status, headers: received } = answer
      resolve({ status, headers: keptHeaders(received), body: await textOf(answer) })
    })
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}

function reply(outgoing, method, { status, headers, body }) {
  const empty = method === 'HEAD' || status === 204 || status === 304
  const length = empty ? {} : { 'content-length': Buffer.byteLength(body) }
  outgoing.writeHead(status, { ...headers, ...length })
  outgoing.end(empty ? undefined : body)
}
