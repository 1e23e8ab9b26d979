import type { ExchangeRequest } from '../exchange.js'
import { type AttackTarget, citing, type HostileCase } from './hostile-case.js'
import { createUser, get, send, userText } from './requests.js'

/** Header values that a server must refuse or ignore. */
export function headerCases(target: AttackTarget): readonly HostileCase[] {
  return [
    ...tags(target),
    ...accepts(),
    ...contentTypes(),
    ...lengths(),
    ...hosts(target),
    ...credentials(),
    ...overrides(target),
  ]
}

// An invalid value is 400, never treated as absent: a client that sends If-Match requires the precondition.
function tags({ user, tag }: AttackTarget): readonly HostileCase[] {
  const hostile = citing('RFC 9110 §13.1.1, §13.1.2; FP-V7')
  const garbage = {
    'one word': 'abc',
    'W/ alone': 'W/',
    'a tag that does not end': '"abc',
    'a weak tag that does not end': 'W/"abc',
    'a lower-case w': 'w/"abc"',
    apostrophes: "'abc'",
    'two tags without comma': '"a" "b"',
    'a tag and a word': `${tag}, abc`,
    'a tag with a tail': `${tag}x`,
    'star and tag': `*, ${tag}`,
    'two stars': '*, *',
    'a comma': ',',
    commas: ',,,,',
    nothing: '',
    'more than 8 KiB': `"${'x'.repeat(8_200)}"`,
    'more than 8 KiB of tags': Array.from({ length: 60 }, (_, i) => `"${'x'.repeat(150)}${i}"`).join(', '),
    '65 tags': Array.from({ length: 65 }, (_, i) => `"${i}"`).join(', '),
    '65 times the right tag': Array.from({ length: 65 }, () => tag).join(', '),
  }
  const unsendable = {
    'a line break': `${tag}\r\nX-Injected: yes`,
    'a NUL': '"a\u0000b"',
    'a letter beyond Latin-1': 'Ж',
  }
  const each = (what: string, value: string, inProcessOnly: boolean): readonly HostileCase[] => [
    ...['If-Match', 'If-None-Match'].map((name) =>
      hostile(
        `${name} of a PUT: ${what}`,
        withHeader(send('PUT', `/Users/${user}`, userText('hostile-prey', '"title":"not careful"')), name, value),
        [400],
        { inProcessOnly, notEchoed: 'X-Injected' },
      ),
    ),
    hostile(
      `If-Match of a DELETE: ${what}`,
      { method: 'DELETE', path: `/Users/${user}`, headers: { 'If-Match': value } },
      [400],
      { inProcessOnly },
    ),
    hostile(`If-None-Match of a GET: ${what}`, get(`/Users/${user}`, { 'If-None-Match': value }), [400], {
      inProcessOnly,
    }),
  ]
  return [
    ...Object.entries(garbage).flatMap(([what, value]) => each(what, value, false)),
    ...Object.entries(unsendable).flatMap(([what, value]) => each(what, value, true)),
    hostile(
      'If-Match with 64 tags of others',
      withHeader(
        send('PUT', `/Users/${user}`, userText('hostile-prey', '"title":"not careful"')),
        'If-Match',
        Array.from({ length: 64 }, (_, i) => `"${i}"`).join(', '),
      ),
      [412],
    ),
  ]
}

function accepts(): readonly HostileCase[] {
  const hostile = citing('RFC 9110 §12.5.1; SEC-17')
  const junk = [
    ';',
    ';;;,,,/',
    '/',
    '*',
    '*/json',
    'a',
    `${'a/b,'.repeat(1_000)}`,
    'application/scim+json;q=abc',
    '"',
    'application/scim+json;q=1;q=0',
  ]
  return [
    ...['text/html', 'application/xml', 'image/*', 'text/html;q=0.9, text/plain'].map((value) =>
      hostile(`Accept: ${value}`, get('/Users', { Accept: value }), [406]),
    ),
    ...junk.map((value) => hostile(`Accept: ${value.slice(0, 40)}`, get('/Users', { Accept: value }), [200, 400, 406])),
  ]
}

function contentTypes(): readonly HostileCase[] {
  const hostile = citing('RFC 9110 §8.3; SEC-17')
  const refused = [
    'text/plain',
    'text/html',
    'application/xml',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/json-patch+json',
    'application/scim',
    'application/scim+jsonx',
    'x',
    '/',
  ]
  const doubtful = [
    'application/scim+json; charset=utf-16',
    'application/json; charset=x',
    'application/json;;;',
    ';',
    'application/json, text/plain',
  ]
  const of = (value: string): ExchangeRequest => withHeader(createUser('content-type'), 'Content-Type', value)
  return [
    ...refused.map((value) => hostile(`Content-Type: ${value}`, of(value), [415])),
    ...doubtful.map((value) => hostile(`Content-Type: ${value}`, of(value), [201, 400, 415])),
    hostile(
      'a body said to be gzip',
      withHeader(
        send('POST', '/Users', Uint8Array.from([0x1f, 0x8b, 0x08, 0, 0, 0, 0, 0, 0, 0xff])),
        'Content-Encoding',
        'gzip',
      ),
      [415],
    ),
    citing('RFC 9110 §15.5.16')(
      'a plain body said to be gzip',
      withHeader(createUser('content-encoding'), 'Content-Encoding', 'gzip'),
      [415],
    ),
    citing('RFC 9110 §8.4')(
      'a Content-Encoding of 8 KiB of commas',
      withHeader(createUser('content-encoding-2'), 'Content-Encoding', `${','.repeat(8_000)}gzip`),
      [415],
    ),
  ]
}

// Content-Length decides nothing: received bytes are counted.
function lengths(): readonly HostileCase[] {
  return ['5', '0', '-1', 'abc', '1e9', '99999999999999999999', '5, 5'].map((value, i) =>
    citing('RFC 9110 §8.6')(
      `Content-Length: ${value} with a body of another length`,
      withHeader(createUser(`hostile-length-${i}`), 'Content-Length', value),
      [201, 400, 413],
      { inProcessOnly: true },
    ),
  )
}

function hosts({ user }: AttackTarget): readonly HostileCase[] {
  const hostile = citing('RFC 9110 §7.2; RFC 7239 §8.1; SEC-15')
  const evil = 'evil.example'
  const forwarded: readonly Readonly<Record<string, string | readonly string[]>>[] = [
    { 'X-Forwarded-Host': evil },
    { 'X-Forwarded-Host': [evil, `other.${evil}`] },
    { 'X-Forwarded-Host': evil, 'X-Forwarded-Proto': 'https', 'X-Forwarded-Port': '444' },
    { Forwarded: `host=${evil};proto=https` },
    { 'X-Original-Host': evil, 'X-Host': evil, 'X-Forwarded-Server': evil },
    { 'X-Forwarded-Prefix': `/${evil}` },
  ]
  const garbage = [
    `a@${evil}`,
    `${evil}/path`,
    `${evil}?x`,
    `${evil}#x`,
    `a b ${evil}`,
    `"${evil}"`,
    `<script>${evil}`,
    `[::1 ${evil}`,
    `${evil}:port`,
    `${evil}:99999999`,
    `${evil}\\@x`,
    `${'x'.repeat(300)}.${evil}`,
    `a,${evil}`,
  ]
  const unsendable = [`${evil}\r\nX-Injected: yes`, `${evil}\u0000`, `Ж.${evil}`]
  const hostCase = (value: string, inProcessOnly: boolean): HostileCase =>
    hostile(`Host: ${value.slice(0, 60)}`, get(`/Users/${user}`, { Host: value }), [200, 400], {
      platform: [400],
      notEchoed: evil,
      inProcessOnly,
    })
  return [
    ...forwarded.map((headers) =>
      hostile(
        `untrusted ${Object.keys(headers).join(', ')} ${JSON.stringify(Object.values(headers)[0])}`,
        get(`/Users/${user}`, headers),
        [200],
        { notEchoed: evil },
      ),
    ),
    ...garbage.map((value) => hostCase(value, false)),
    ...unsendable.map((value) => hostCase(value, true)),
  ]
}

function credentials(): readonly HostileCase[] {
  const hostile = citing('RFC 6750 §2.1, §3; SEC-18')
  const values = [
    '',
    'Bearer',
    'Bearer ',
    'Bearer  ',
    'Basic eDp5',
    'Bearer a b',
    'Bearer a,b',
    'bearer null',
    'Bearer undefined',
    `Bearer ${'x'.repeat(8_000)}`,
    'Token x',
    'Bearer "x"',
  ]
  const request = (path: string, value: string): ExchangeRequest => get(path, { Authorization: value })
  return [
    ...values.map((value) => hostile(`Authorization: ${value.slice(0, 40)}`, request('/Users', value), [401])),
    ...['/Users?access_token=x', '/ServiceProviderConfig', '/Nothing', '/Users/x', '/Users?filter=((('].map((path) =>
      hostile(`no credentials for ${path}`, request(path, ''), [401]),
    ),
  ]
}

function overrides({ user }: AttackTarget): readonly HostileCase[] {
  const hostile = citing('RFC 9110 §9.1; SEC-17')
  const path = `/Users/${user}`
  return [
    ...['X-HTTP-Method-Override', 'X-HTTP-Method', 'X-Method-Override'].map((name) =>
      hostile(`${name}: DELETE`, get(path, { [name]: 'DELETE' }), [200], { changesNothing: true }),
    ),
    ...['X-Original-URL', 'X-Rewrite-URL'].map((name) =>
      hostile(`${name} of another resource`, get('/Users/unknown', { [name]: path }), [404]),
    ),
    hostile('?_method=DELETE', get(`${path}?_method=DELETE`), [200], { changesNothing: true }),
  ]
}

function withHeader(request: ExchangeRequest, name: string, value: string): ExchangeRequest {
  return { ...request, headers: { ...request.headers, [name]: value } }
}
