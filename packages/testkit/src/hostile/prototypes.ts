import { type AttackTarget, citing, type HostileCase } from './hostile-case.js'
import { createUser, enterpriseUrn, get, patch, patchText, patchUrn, send, userUrn } from './requests.js'

const hostile = citing('RFC 7643 §2.1 (names); RFC 8259 §9; SEC-8')
const names = ['__proto__', 'constructor', 'prototype']
const poison = '{"polluted":true}'

/** Keys, paths and names that reach a prototype in a server that keeps documents in plain objects. */
export function prototypeCases(target: AttackTarget): readonly HostileCase[] {
  return [...bodyKeys(target), ...dottedKeys(target), ...paths(target), ...addresses(), ...values()]
}

function bodyKeys({ user, group }: AttackTarget): readonly HostileCase[] {
  return names.flatMap((name) => {
    const key = `"${name}":${poison}`
    const escaped = `"\\u${name.charCodeAt(0).toString(16).padStart(4, '0')}${name.slice(1)}":${poison}`
    const users = {
      'at the top': key,
      'at the top, escaped': escaped,
      'with a text for value': `"${name}":"x"`,
      'with null for value': `"${name}":null`,
      'in name': `"name":{${key}}`,
      'in an e-mail': `"emails":[{"value":"a@b.example",${key}}]`,
      'in the extension': `"${enterpriseUrn}":{${key}}`,
      'in the manager': `"${enterpriseUrn}":{"manager":{${key}}}`,
      'in meta': `"meta":{${key}}`,
      'in an unknown attribute': `"unknown":{"a":[{"b":{${key}}}]}`,
      '30 deep': `"unknown":${'{"a":'.repeat(28)}{${key}}${'}'.repeat(28)}`,
    }
    const operations = {
      'in a value without path': `[{"op":"add","value":{${key}}}]`,
      'in a value with path': `[{"op":"replace","path":"name","value":{${key}}}]`,
      'in a list value': `[{"op":"add","path":"emails","value":[{"value":"a@b.example",${key}}]}]`,
      'in an operation': `[{"op":"add","path":"title","value":"x",${key}}]`,
    }
    return [
      ...Object.entries(users).map(([where, members]) =>
        hostile(`key ${name} ${where} of a new user`, createUser(`prototype-${name}`, members), [400]),
      ),
      ...Object.entries(operations).map(([where, text]) =>
        hostile(`key ${name} ${where} of a PATCH`, patchText(`/Users/${user}`, text), [400]),
      ),
      hostile(
        `key ${name} beside Operations`,
        send(
          'PATCH',
          `/Users/${user}`,
          `{"schemas":["${patchUrn}"],${key},"Operations":[{"op":"add","path":"title","value":"x"}]}`,
        ),
        [400],
      ),
      hostile(
        `key ${name} in a member`,
        patchText(`/Groups/${group}`, `[{"op":"add","path":"members","value":[{"value":"${user}",${key}}]}]`),
        [400],
      ),
    ]
  })
}

const walks = [
  ...names,
  '__proto__.polluted',
  'constructor.prototype.polluted',
  'prototype.polluted',
  'name.__proto__',
  'name.__proto__.polluted',
  'name.constructor',
  'emails.__proto__',
  `${userUrn}:__proto__`,
  `${enterpriseUrn}:__proto__.polluted`,
  `${enterpriseUrn}:manager.constructor`,
]

const inherited = ['toString', 'toString.call', 'hasOwnProperty', 'valueOf.name', 'name.toString', 'emails.length']

// A dotted key differs from the name itself, so a lenient server may drop it like any unknown attribute.
function dottedKeys({ user }: AttackTarget): readonly HostileCase[] {
  const dotted = [...walks.filter((walk) => !names.includes(walk)), ...inherited]
  return ['add', 'replace'].flatMap((op) =>
    dotted.map((walk) =>
      hostile(
        `key ${walk} in a value without path to ${op}`,
        patchText(`/Users/${user}`, `[{"op":"${op}","value":{"${walk}":"x"}}]`),
        [200, 204, 400],
        { changesNothing: true },
      ),
    ),
  )
}

function paths({ user }: AttackTarget): readonly HostileCase[] {
  const bracketed = [
    'emails[__proto__ eq "x"].value',
    'emails[type eq "work"].__proto__',
    'emails[type eq "work"].constructor',
    'emails[constructor pr]',
  ]
  return ['add', 'replace', 'remove'].flatMap((op) =>
    [...walks, ...inherited, ...bracketed].map((path) =>
      hostile(
        `PATCH path ${path} to ${op}`,
        patch(`/Users/${user}`, op === 'remove' ? { op, path } : { op, path, value: 'x' }),
        names.some((name) => path.includes(name)) ? [400] : [200, 204, 400],
        { changesNothing: true },
      ),
    ),
  )
}

function addresses(): readonly HostileCase[] {
  const everyName = [...names, 'toString', 'hasOwnProperty']
  const folders = ['', '/Users', '/Groups', '/Schemas', '/ResourceTypes']
  const missing = folders.flatMap((folder) => everyName.map((name) => `${folder}/${name}`))
  const queries = everyName.flatMap((name) => [
    `/Users?attributes=${name}`,
    `/Users?excludedAttributes=name.${name}`,
    `/Users?sortBy=${name}`,
    `/Users?${name}=x`,
  ])
  return [
    ...missing.map((path) => hostile(`GET ${path}`, get(path), [404])),
    ...queries.map((path) => hostile(`GET ${path}`, get(path), [200, 400])),
  ]
}

// As values they are ordinary texts: an index in a plain object would return a resource that does not exist.
function values(): readonly HostileCase[] {
  return [...names, 'toString', 'hasOwnProperty'].map((name) =>
    hostile(`a user named ${name}`, createUser(name, `"externalId":"${name}","title":"${name}"`), [201]),
  )
}
