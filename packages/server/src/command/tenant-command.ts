import type { TenantRemoval, TenantRemovalOptions, TenantStats, Tenants } from '@scimkit/core/provider'
import { Command } from 'commander'
import { passwordRecordsOf } from '../secrets/password-record.js'
import { StartupError } from '../startup-error.js'
import type { OpenStore } from '../store/store.js'
import type { Terminal } from '../terminal/terminal.js'
import { writeDocuments } from './export-file.js'
import { addStoreFlags, type StoreFlags } from './store-flags.js'
import { useStore } from './use-store.js'

const listedAtOnce = 1_000
// Between two lines of progress.
const rowsAtOnce = 10_000

type Flags = StoreFlags & { readonly json?: boolean; readonly yes?: boolean; readonly output?: string }

/** The command `tenant` with its commands `list`, `stats`, `export` and `remove`; `file` is the default database. */
export function tenantCommand(file: string, terminal: Terminal): Command {
  /** A command that uses the store of its flags, which it never creates or migrates. */
  const make = (
    text: string,
    description: string,
    run: (store: OpenStore, tenant: string, flags: Flags) => Promise<void>,
  ) => {
    const command = addStoreFlags(new Command(text.split(' ')[0]).description(description))
    if (text.includes(' ')) command.argument('<tenant>', 'the name of the tenant')
    return command.action(async (...given: readonly unknown[]) => {
      const tenant = typeof given[0] === 'string' ? given[0] : ''
      const flags = command.opts<Flags>()
      if (text.startsWith('remove') && flags.yes !== true) {
        command.error('error: remove deletes all data of the tenant; confirm it with --yes.')
      }
      await useStore(flags, command, file, (store) => run(store, tenant, flags))
    })
  }

  const exported = async ({ tenants, place }: OpenStore, tenant: string, { output }: Flags): Promise<void> => {
    const said = progressOf(terminal, 'exported', 'resources')
    const count = await writeDocuments(documentsOf(tenants, tenant, place), output, said)
    terminal.say(`${place}: exported ${count} resources of the tenant ${JSON.stringify(tenant)}`)
  }
  const removed = async ({ tenants, place }: OpenStore, tenant: string, { json }: Flags): Promise<void> => {
    const said = progressOf(terminal, 'removed', 'rows')
    const progress = (so: TenantRemoval): void => said(total(so))
    const removal = await removeTwice(tenants, tenant, { facts: [passwordRecordsOf(tenant)], progress })
    if (total(removal) === 0) throw unknown(place, tenant)
    write(json === true ? JSON.stringify(removal) : linesOf(removal))
  }

  return new Command('tenant')
    .description('List, count, export or remove what a database has of each tenant. May run beside a server.')
    .addCommand(
      make('list', 'Print the names of the tenants.', async ({ tenants }, _, { json }) => {
        const names = await namesIn(tenants)
        write(json === true ? JSON.stringify(names) : names.join('\n'))
      }).option('--json', 'print one JSON array'),
    )
    .addCommand(
      make('stats tenant', 'Print how much a tenant has.', async ({ tenants, place }, tenant, { json }) => {
        const stats = await tenants.stats(tenant)
        if (stats === undefined) throw unknown(place, tenant)
        write(json === true ? JSON.stringify(stats) : linesOf(stats))
      }).option('--json', 'print one JSON object'),
    )
    .addCommand(
      make('export tenant', 'Write all resources of a tenant as JSON, one document a line.', exported)
        .option('--json', 'accepted for uniformity: the output is always JSON')
        .option('--output <file>', 'write to this file, which must not exist, instead of stdout'),
    )
    .addCommand(
      make('remove tenant', 'Remove everything that a database has of a tenant. Cannot be undone.', removed)
        .option('--json', 'print one JSON object')
        .option('--yes', 'required: confirm the removal'),
    )
}

async function namesIn(tenants: Tenants): Promise<readonly string[]> {
  const names: string[] = []
  for (;;) {
    const after = names.at(-1)
    const page = await tenants.list({ count: listedAtOnce, ...(after !== undefined && { after }) })
    names.push(...page)
    if (page.length < listedAtOnce) return names
  }
}

/** The documents of a tenant. Throws a StartupError if the database has nothing of it, before the first one. */
async function* documentsOf(tenants: Tenants, tenant: string, place: string) {
  let isEmpty = true
  for await (const document of tenants.export(tenant)) {
    isEmpty = false
    yield document
  }
  if (isEmpty && (await tenants.stats(tenant)) === undefined) throw unknown(place, tenant)
}

const unknown = (place: string, tenant: string): StartupError =>
  new StartupError(`${place} has no data of the tenant ${JSON.stringify(tenant)}.`)

const total = (removal: TenantRemoval): number => Object.values(removal).reduce((sum, count) => sum + count, 0)

/** One line for each value. */
function linesOf(values: TenantStats | TenantRemoval): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}: ${typeof value === 'object' ? JSON.stringify(value) : value}`)
    .join('\n')
}

const write = (text: string): void => void (text !== '' && process.stdout.write(`${text}\n`))

/** Says a number each time that it has grown enough. */
function progressOf(terminal: Terminal, verb: string, what: string): (count: number) => void {
  let said = 0
  return (count) => {
    if (count - said < rowsAtOnce) return
    said = count
    terminal.say(`${verb} ${count} ${what}`)
  }
}

/** Longer than a server uses a credential that it has read before. */
const credentialMilliseconds = 1_200

// The first removal ends the credentials; a running server may accept a request until a second later.
async function removeTwice(
  tenants: OpenStore['tenants'],
  tenant: string,
  options: TenantRemovalOptions,
): Promise<TenantRemoval> {
  const first = await tenants.remove(tenant, options)
  await new Promise((resolve) => setTimeout(resolve, credentialMilliseconds))
  const second = await tenants.remove(tenant, options)
  const sums = Object.entries(second).map(([name, count]) => [name, count + first[name as keyof TenantRemoval]])
  return Object.fromEntries(sums) as TenantRemoval
}
