import type { ContractCase } from '@scimkit/testkit'
import { Hono } from 'hono'

/** Cases that run in the Worker: GET lists them, POST to one runs it and returns its error, or an empty body. */
export function casesInside<Env extends object>(
  casesOf: (env: Env) => readonly ContractCase[],
): Hono<{ Bindings: Env }> {
  const app = new Hono<{ Bindings: Env }>()
  app.get('/', (c) => c.json(casesOf(c.env).map(({ run: _, ...described }) => described)))
  app.post('/:id', async (c) => {
    const found = casesOf(c.env).find(({ id }) => id === c.req.param('id'))
    if (found === undefined) return c.text('There is no such case.', 404)
    try {
      await found.run()
      return c.text('')
    } catch (error) {
      return c.text(error instanceof Error ? `${error.name}: ${error.message}` : String(error), 500)
    }
  })
  return app
}
