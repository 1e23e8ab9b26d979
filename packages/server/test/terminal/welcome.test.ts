import { expect, test } from '@jest/globals'
import { newToken } from '../../src/secrets/token.js'
import { startLines, welcomeText } from '../../src/terminal/welcome.js'

test('the welcome has the settings for identity providers, in colour only if requested', () => {
  const made = newToken()
  const facts = { url: 'http://127.0.0.1:3000/scim/v2', place: '/data/people.db', durable: true, entra: false }
  const plain = welcomeText({ ...facts, token: { kind: 'generated', token: made } }, false)
  for (const words of [
    'Tenant URL',
    'Secret Token',
    'base URL',
    'userName',
    'HTTP Header',
    facts.url,
    made,
    facts.place,
  ]) {
    expect(plain).toContain(words)
  }
  expect(plain).toContain('shown only once')
  // At the next start the user of this one exists already.
  const nameIn = (text: string) => /"userName":"([^"]+)"/.exec(text)?.[1]
  expect(nameIn(plain)).not.toBe(nameIn(welcomeText({ ...facts, token: { kind: 'stored' } }, false)))
  expect(plain).not.toContain('\u001b')
  expect(welcomeText({ ...facts, token: { kind: 'generated', token: made } }, true)).toContain('\u001b')
  expect(welcomeText({ ...facts, token: { kind: 'none' } }, false)).not.toContain('"Authorization')
  const given = welcomeText({ ...facts, token: { kind: 'given', token: made } }, false)
  expect([given.includes(made), given.includes('shown only once')]).toEqual([true, false])
  for (const kind of ['stored', 'concurrent'] as const) {
    const later = welcomeText({ ...facts, token: { kind } }, false)
    for (const words of ['--new-token', 'Bearer $SCIM_TOKEN', "SCIM_TOKEN='"]) expect(later).toContain(words)
  }
  expect(welcomeText({ ...facts, place: 'memory', durable: false, token: { kind: 'none' } }, false)).toContain(
    'in memory',
  )
})

test('a log begins with the location of the data and the new token', () => {
  const facts = { place: '/data/people.db', durable: true }
  expect(startLines({ ...facts, token: { kind: 'generated', token: 't' } }).slice(0, 2)).toEqual([
    'data /data/people.db',
    'token t',
  ])
  expect(startLines({ ...facts, token: { kind: 'given', token: 't' } })).toEqual(['data /data/people.db'])
  expect(startLines({ ...facts, token: { kind: 'stored' } })[1]).toContain('--new-token')
  expect(startLines({ ...facts, token: { kind: 'concurrent' } })[1]).toContain('Another process')
  expect(startLines({ place: 'memory', durable: false, token: { kind: 'generated', token: 't' } })).toEqual(['token t'])
})
