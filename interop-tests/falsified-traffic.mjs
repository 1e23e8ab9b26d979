/**
 * Ways to falsify the traffic between a client and the server. A check that fails for none of them proves nothing.
 * Each is created for one run and may change a request, respond instead of the server, or change a response.
 */
const json = (text) => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Changes the JSON of a response below 300; `change` returns the new document. */
const inAnswers = (change) => ({
  response(answer, request) {
    const body = json(answer.body)
    if (answer.status >= 300 || body === undefined) return answer
    return { ...answer, body: JSON.stringify(change(body, request)) }
  },
})

/** Calls `change` for a document and each resource in it. */
const eachResource = (body, change) => {
  change(body)
  for (const resource of Array.isArray(body.Resources) ? body.Resources : []) change(resource)
  return body
}

/** Responds to writes of a method with `answer` and does not carry them out. */
const lost = (method, answer) => ({ answer: (request) => (request.method === method ? answer(request) : undefined) })

const noContent = { status: 204, headers: {}, body: '' }
const scim = { 'content-type': 'application/scim+json' }

const withoutParameters = (target, ...names) => {
  const url = new URL(target, 'http://localhost')
  for (const name of names) url.searchParams.delete(name)
  return url.pathname + url.search
}

const changedBody = (request, change) => {
  const body = json(request.body)
  return body === undefined ? request : { ...request, body: JSON.stringify(change(body)) }
}

export const falsifications = {
  'preconditions are ignored': () => ({
    request(request) {
      delete request.headers['if-match']
      return changedBody(request, (body) => {
        for (const operation of Array.isArray(body.Operations) ? body.Operations : []) delete operation.version
        return body
      })
    },
  }),
  'If-None-Match fails': () => ({
    answer: ({ headers }) =>
      headers['if-none-match'] === undefined ? undefined : { status: 412, headers: {}, body: '' },
  }),
  'there are no versions': () => ({
    response(answer) {
      delete answer.headers.etag
      const body = json(answer.body)
      if (body === undefined) return answer
      return { ...answer, body: JSON.stringify(eachResource(body, (one) => delete one.meta?.version)) }
    },
  }),
  'filters are ignored': () => ({
    request(request) {
      const sent = { ...request, target: withoutParameters(request.target, 'filter') }
      return request.target.endsWith('/.search') ? changedBody(sent, ({ filter, ...body }) => body) : sent
    },
  }),
  'filters find nothing': () =>
    inAnswers((body, { target }) => {
      const filtered = target.endsWith('/.search') || target.includes('filter=')
      return filtered && Array.isArray(body.Resources) ? { ...body, totalResults: 0, Resources: [] } : body
    }),
  'lists fail': () => ({
    answer: ({ method, target }) =>
      method === 'GET' && /\/(Users|Groups)(\?|$)/.test(target)
        ? { status: 500, headers: scim, body: '{}' }
        : undefined,
  }),
  'pages are ignored': () => ({
    request(request) {
      const sent = { ...request, target: withoutParameters(request.target, 'startIndex', 'count') }
      return request.target.endsWith('/.search') ? changedBody(sent, ({ startIndex, count, ...body }) => body) : sent
    },
  }),
  'lists are backwards': () =>
    inAnswers((body) => (Array.isArray(body.Resources) ? { ...body, Resources: body.Resources.reverse() } : body)),
  'attributes are ignored': () => ({
    request: (request) => ({ ...request, target: withoutParameters(request.target, 'attributes') }),
  }),
  'PATCH is lost': () => lost('PATCH', () => noContent),
  'PUT is lost': () => lost('PUT', ({ body }) => ({ status: 200, headers: scim, body })),
  'DELETE is lost': () => lost('DELETE', () => noContent),
  'bulk is lost': () => ({
    answer({ method, target, body }) {
      if (method !== 'POST' || !target.endsWith('/Bulk')) return undefined
      const operations = json(body)?.Operations ?? []
      const Operations = operations.map(({ method, bulkId }) => ({ method, bulkId, status: '204', location: target }))
      return {
        status: 200,
        headers: scim,
        body: JSON.stringify({ schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkResponse'], Operations }),
      }
    },
  }),
  'names are changed': () =>
    inAnswers((body) =>
      eachResource(body, (one) => {
        if (typeof one.userName === 'string') one.userName = `x${one.userName}`
        if (typeof one.displayName === 'string') one.displayName = `x${one.displayName}`
      }),
    ),
  'locations are wrong': () =>
    inAnswers((body) =>
      eachResource(body, (one) => {
        if (typeof one.meta?.location === 'string') one.meta.location += 'x'
      }),
    ),
  'members are lost': () => inAnswers((body) => eachResource(body, (one) => delete one.members)),
  'errors are text': () => ({
    response: (answer) =>
      answer.status < 400 ? answer : { status: answer.status, headers: { 'content-type': 'text/plain' }, body: 'no' },
  }),
  'errors have more members': () => ({
    response(answer) {
      const body = json(answer.body)
      const operations = Array.isArray(body?.Operations) ? body.Operations.map(({ response }) => response) : []
      const errors = [body, ...operations].filter((one) => one?.schemas?.includes?.(errorUrn))
      for (const error of errors) {
        error.schemas = [...error.schemas, 'urn:example:more']
        error['urn:example:more'] = { more: true }
      }
      return errors.length === 0 ? answer : { ...answer, body: JSON.stringify(body) }
    },
  }),
  'errors pass for successes': () => ({
    response: (answer) => (answer.status < 400 ? answer : { status: 204, headers: {}, body: '' }),
  }),
  'configurations are empty': () => ({
    response: (answer, { target }) =>
      /\/(ServiceProviderConfig|Schemas|ResourceTypes)/.test(target) && answer.status < 300
        ? { ...answer, body: '{}' }
        : answer,
  }),
}

const errorUrn = 'urn:ietf:params:scim:api:messages:2.0:Error'
