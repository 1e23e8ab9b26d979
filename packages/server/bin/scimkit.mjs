#!/usr/bin/env node
import { main } from '../dist/main.js'

main(process.argv.slice(2)).catch((error) => {
  console.error(error)
  process.exitCode = 1
})
