import type { ContractCase, Exchange } from '@scimkit/testkit'

/** The cases that a Worker runs by itself, as if they were run here. */
export async function casesFromInside(exchange: Exchange): Promise<readonly ContractCase[]> {
  const list = await exchange({ method: 'GET', path: '' })
  const described = JSON.parse(list.body) as readonly Omit<ContractCase, 'run'>[]
  return described.map((one) => ({
    ...one,
    run: async () => {
      const { status, body } = await exchange({ method: 'POST', path: `/${one.id}` })
      if (status !== 200) throw new Error(body)
    },
  }))
}
