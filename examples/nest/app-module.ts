/** SCIM as a middleware of a Nest application, with a bearer token and SQLite. */
import { type MiddlewareConsumer, Module, type NestModule, type OnApplicationShutdown } from '@nestjs/common'
import { bearerToken } from '@scimkit/core'
import { scimRouter } from '@scimkit/express-adapter'
import { sqliteProvider } from '@scimkit/sql-provider/sqlite'

// 32 characters or more: openssl rand -hex 32
const { SCIM_TOKEN = '', SCIM_DATA = 'people.db' } = process.env

const provider = sqliteProvider(SCIM_DATA)
const scim = scimRouter({
  basePath: '/scim/v2',
  provider,
  authenticate: bearerToken(SCIM_TOKEN),
  interop: 'entra',
})

@Module({})
export class AppModule implements NestModule, OnApplicationShutdown {
  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(scim).forRoutes('/scim/v2/*splat')
  }

  async onApplicationShutdown(): Promise<void> {
    await provider.close()
  }
}
