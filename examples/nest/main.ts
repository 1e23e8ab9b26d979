import 'reflect-metadata'
import { NestFactory } from '@nestjs/core'
import { AppModule } from './app-module.js'

// Without Nest's body parser: ScimKit reads the body itself.
const app = await NestFactory.create(AppModule, { bodyParser: false, logger: ['error', 'warn'] })
app.enableShutdownHooks()
const { PORT = '3000' } = process.env
await app.listen(Number(PORT), '127.0.0.1')
console.log(`SCIM is at http://127.0.0.1:${PORT}/scim/v2`)
