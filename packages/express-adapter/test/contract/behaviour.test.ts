import { createRequire } from 'node:module'
import { scimRouter } from '@scimkit/express-adapter'
import express5, { type Request } from 'express'
import { type AdapterRig, bindBehaviour } from '../../../testkit/test/support/adapter-behaviour.js'

const express4 = createRequire(import.meta.url)('express4') as typeof express5

function rigOf(express: typeof express5): AdapterRig {
  return {
    mounts: {
      'at /scim/v2': ['/scim/v2', (options) => express().use('/scim/v2', scimRouter(options))],
      'at the root': ['', (options) => express().use(scimRouter(options))],
      'with a parameter in the mount': [
        '/tenants/a%20b/scim',
        (options) => express().use('/tenants/:tenant/scim', scimRouter(options)),
      ],
      'below a router': [
        '/api/scim',
        (options) => express().use('/api', express.Router().use('/scim', scimRouter(options))),
        // A Router does not expose its mount paths.
        'anyCase',
      ],
    },
    readers: {
      'a parser of JSON': (options) =>
        express().use(express.json({ type: '*/*', strict: false }), scimAt(express, '/scim', options)),
      'a parser of text': (options) => express().use(express.text({ type: '*/*' }), scimAt(express, '/scim', options)),
      'a parser of bytes, text in the end': (options) =>
        express().use(express.raw({ type: '*/*' }), scimAt(express, '/scim', options)),
    },
    decoders: ['a parser of JSON', 'a parser of text', 'a parser of bytes, text in the end'],
    inFront: (options, asked) =>
      express()
        .use('/scim', scimRouter(options))
        .use((_req, res) => {
          asked()
          res.status(418).end()
        }),
    headerOf: (native, name) => (native as Request).get(name),
    dotSegments: [404],
  }
}

function scimAt(express: typeof express5, mount: string, options: Parameters<typeof scimRouter>[0]) {
  return express.Router().use(mount, scimRouter(options))
}

bindBehaviour('Express 5', rigOf(express5))
bindBehaviour('Express 4', rigOf(express4))
