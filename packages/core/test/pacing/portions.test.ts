/** Long bodies and large groups are processed in slices. */
import { expect, test } from '@jest/globals'
import { memoryProvider } from '@scimkit/memory-provider'
import fc from 'fast-check'
import { ScimError } from '../../src/errors.js'
import { checkParsed, checkParsedInSteps, readJson, readJsonInSteps } from '../../src/http/body/read-json.js'
import { parseJson, parseJsonInSteps } from '../../src/json/text.js'
import type { JsonValue } from '../../src/json/value.js'
import { defaultLimits } from '../../src/limits.js'
import { atOnce, inPortions, paceOf, type Steps } from '../../src/pacing/portions.js'
import { group, groupUrn, serve } from '../support/server.js'

const limits = { ...defaultLimits, jsonDepth: 5, objectKeys: 6, arrayLength: 9, jsonValues: 60, stringLength: 20 }

function outcome<Result>(read: () => Result): unknown {
  try {
    return { value: JSON.stringify(read()) }
  } catch (error) {
    if (!(error instanceof ScimError)) throw error
    return { status: error.status, scimType: error.scimType, detail: error.message }
  }
}

// Texts that are nearly JSON: values of it with one place changed, and with escapes, spaces and long texts.
const nearlyJson = fc
  .tuple(
    fc.json({ maxDepth: 7 }),
    fc.nat(),
    fc.constantFrom('', '"', '}', ']', ',', ':', ' ', '\\', '\u0000', '1', 'é', '\n', '[[[[[[', '"a":1,'),
  )
  .map(([text, place, put]) => {
    const at = place % (text.length + 1)
    return `${text.slice(0, at)}${put}${text.slice(at)}`
  })

test('a body read in steps is accepted and refused exactly as one read at once', () => {
  fc.assert(
    fc.property(fc.oneof(nearlyJson, fc.json(), fc.string()), (text) => {
      const bytes = new TextEncoder().encode(text)
      expect(outcome(() => atOnce(readJsonInSteps(bytes, limits)))).toEqual(outcome(() => readJson(bytes, limits)))
    }),
    { numRuns: 3_000 },
  )
})

test('a text that is read value by value is accepted and refused exactly as one read at once', () => {
  fc.assert(
    fc.property(fc.oneof(nearlyJson, fc.json()), fc.constantFrom(1, 2, 7), (text, characters) => {
      expect(outcome(() => atOnce(parseJsonInSteps(text, limits, characters)))).toEqual(
        outcome(() => parseJson(text, limits)),
      )
      // The platform accepts more, as it has no limits, but reads every accepted text alike.
      const read = outcome(() => parseJson(text, { ...defaultLimits, jsonDepth: 1_000 }))
      if (isRead(read)) expect(read.value).toBe(JSON.stringify(JSON.parse(text)))
    }),
    { numRuns: 3_000 },
  )
})

function isRead(read: unknown): read is { readonly value: string } {
  return typeof read === 'object' && read !== null && 'value' in read
}

test('bytes that are not UTF-8, whole or cut anywhere, are refused in steps as in one piece', () => {
  const prefix = new Uint8Array(262_140).fill(0x20)
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 12 }), fc.boolean(), (bytes, isLong) => {
      // Behind the prefix, a character may span two slices of the decoder.
      const body = isLong ? Uint8Array.from([...prefix, 0x22, ...bytes, 0x22]) : bytes
      expect(outcome(() => atOnce(readJsonInSteps(body, limits)))).toEqual(outcome(() => readJson(body, limits)))
    }),
    { numRuns: 60 },
  )
  const mark = Uint8Array.from([0xef, 0xbb, 0xbf, 0x31])
  expect(atOnce(readJsonInSteps(mark, limits))).toBe(1)
})

test('the result of another parser is copied in steps as in one piece', () => {
  fc.assert(
    fc.property(fc.anything({ maxDepth: 7 }), (value) => {
      expect(outcome(() => atOnce(checkParsedInSteps(value, limits)))).toEqual(
        outcome(() => checkParsed(value, limits)),
      )
    }),
  )
})

test('work rests when its time is over, and ends when the client has disconnected', async () => {
  const client = new AbortController()
  let [time, rests] = [0, 0]
  const pace = paceOf(
    {
      now: () => time,
      async sleep() {
        rests++
      },
    },
    client.signal,
  )
  function* work(): Steps<string> {
    for (let i = 0; i < 12; i++) {
      time += 2
      if (i === 5) client.abort()
      yield
    }
    return 'done'
  }
  await expect(inPortions(work(), pace)).rejects.toMatchObject({ status: 503 })
  expect(rests).toBe(2)
  time = 0
  await expect(inPortions(work(), paceOf({ now: () => 0, sleep: async () => undefined }))).resolves.toBe('done')
})

/** Requests about a group of so many members, and how often others had a turn in each. */
async function turnsOf(count: number): Promise<readonly number[]> {
  let turns = 0
  let time = 0
  const server = serve({
    provider: memoryProvider(),
    ports: {
      // Each read of the clock costs a millisecond: turns are counted in steps, not in time.
      now: () => 1_700_000_000_000 + time++,
      async sleep() {
        turns++
      },
    },
  })
  const ids = (prefix: string) => Array.from({ length: count }, (_, i) => `${prefix}${String(i).padStart(7, '0')}`)
  const counted: number[] = []
  const note = async (work: () => Promise<{ readonly status: number }>): Promise<void> => {
    turns = 0
    expect((await work()).status).toBeLessThan(300)
    counted.push(turns)
  }
  const value = (prefix: string) => ids(prefix).map((id) => ({ value: id }))
  let path = ''
  await note(async () => {
    const made = await server.post('/Groups', group('big', ids('a')))
    path = `/Groups/${String(made.json.id)}`
    return made
  })
  await note(() => server.get(path))
  await note(() => server.put(path, group('big', ids('a'))))
  await note(() => server.put(path, { schemas: [groupUrn], displayName: 'big', members: value('b') }))
  const change = (operation: JsonValue) => server.patch(path, [operation])
  await note(() => change({ op: 'add', path: 'members', value: value('c') }))
  await note(() => change({ op: 'replace', value: { members: value('d') } }))
  await note(() => change({ op: 'remove', path: 'members', value: value('d') }))
  return counted
}

test('other requests have many turns while a large group is read, compared, stored and answered', async () => {
  const [few, many] = [await turnsOf(10), await turnsOf(40_000)]
  expect(few.every((turns) => turns === 0)).toBe(true)
  for (const turns of many) expect(turns).toBeGreaterThan(8)
})
