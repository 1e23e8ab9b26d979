/**
 * Looks for an order: of all steps whose end is known, each between its invocation and its return, and of as many of
 * the others as it takes, such that every claim is true when its turn comes. Depth first, and never twice over the same
 * place (Wing and Gong's search with Lowe's memory), with tags to tell early which turns lead nowhere.
 *
 * Sound: an order is accepted only when it has been gone through, step by step, by the rules of the register. Complete:
 * a turn is left out only where no lawful order can have it (tags), where a lawful order that has it later can have it
 * now (observations), where somebody would wait in vain (lineage), where it could not make a difference (open moves),
 * or where the way on is known (dead ends).
 * @see J. Wing and C. Gong, Testing and verifying concurrent objects (1993); P. Gibbons and E. Korach, Testing shared
 *   memories (1997), on why values that are written once make it easy
 */
import { deadEnds } from './dead-ends.js'
import { closedMoves, findObservation, openMoves } from './moves.js'
import { type Move, type Position, play, startingPosition, takeBack } from './position.js'
import { absent, gone } from './register.js'
import type { Step } from './step.js'

/** How {@link searchOrder} goes about it. */
export interface SearchOptions {
  /** What is removed may come again: true for names, false for resources, whose ids are never given twice. */
  readonly reusable: boolean
  /** Turns after which the search gives up and says so. */
  readonly maxTurns: number
}

/** How a search ended. */
export type SearchResult =
  | { readonly kind: 'linearizable'; readonly turns: number }
  /** There is no order; the position that got farthest. */
  | { readonly kind: 'violation'; readonly turns: number; readonly farthest: Position }
  /** Neither found nor ruled out. Not to be taken for the first. */
  | { readonly kind: 'undecided'; readonly turns: number }

interface Fork {
  /** How many moves led here. */
  readonly depth: number
  moves: readonly Move[]
  tried: number
  /** Whether `moves` are the open ones already: those that may never have been are tried when all else has failed. */
  open: boolean
}

interface Exploration {
  readonly kind: 'found' | 'exhausted' | 'tired' | 'stopped'
  readonly turns: number
  /** The turn at which the position was a dead end with most steps in order. */
  readonly farthest: number
}

/** Looks for an order of all steps of one register. Gives up after `maxTurns` turns. */
export function searchOrder(steps: readonly Step[], { reusable, maxTurns }: SearchOptions): SearchResult {
  const removed = reusable ? absent : gone
  const { kind, turns, farthest } = explore(startingPosition(steps, removed), maxTurns, undefined)
  if (kind === 'found') return { kind: 'linearizable', turns }
  if (kind === 'tired') return { kind: 'undecided', turns }
  // To keep the farthest position at hand would cost a copy for each; to go there again costs the search once more.
  const position = startingPosition(steps, removed)
  explore(position, maxTurns, farthest)
  return { kind: 'violation', turns, farthest: position }
}

/** Goes through the positions one by one, always in the same order; stops at a turn if told to. */
function explore(position: Position, maxTurns: number, stopAt: number | undefined): Exploration {
  const known = deadEnds()
  const placeOf = placeNames()
  const forks: Fork[] = []
  let turns = 0
  let farthest = 0
  let most = -1
  for (;;) {
    turns += observeAll(position)
    if (position.pending.isEmpty()) return { kind: 'found', turns, farthest }
    if (turns === stopAt) return { kind: 'stopped', turns, farthest }
    if (turns > maxTurns) return { kind: 'tired', turns, farthest }
    if (!known.isKnown(placeOf(position), position.usedUp)) {
      const isHopeless = position.lineage.disinherited(position.state) !== undefined
      const moves = isHopeless ? [] : closedMoves(position, position.pending.frontier())
      if (!isHopeless) forks.push({ depth: position.played.length, moves, tried: 0, open: false })
      if (moves.length === 0 && position.pending.done() > most) {
        most = position.pending.done()
        farthest = turns
      }
    }
    const move = nextMove(position, forks)
    if (move === undefined) return { kind: 'exhausted', turns, farthest }
    play(position, move)
    turns += 1
  }
}

function observeAll(position: Position): number {
  let turns = 0
  for (;;) {
    const move = findObservation(position, position.pending.frontier())
    if (move === undefined) return turns
    play(position, move)
    turns += 1
  }
}

/** Goes back to the last fork that has a way left, and takes it; undefined if there is none. */
function nextMove(position: Position, forks: Fork[]): Move | undefined {
  for (;;) {
    const fork = forks.at(-1)
    if (fork === undefined) return undefined
    takeBack(position, fork.depth)
    const move = fork.moves[fork.tried]
    if (move !== undefined) {
      fork.tried += 1
      return move
    }
    if (fork.open || position.open.length === 0) {
      forks.pop()
    } else {
      fork.open = true
      fork.tried = 0
      fork.moves = openMoves(position, position.pending.frontier())
    }
  }
}

// Short names for places: tags and values are long, and there are as many places as steps.
function placeNames(): (position: Position) => string {
  const numbers = new Map<string, number>()
  const numberOf = (text: string): number => {
    const found = numbers.get(text)
    if (found !== undefined) return found
    numbers.set(text, numbers.size)
    return numbers.size - 1
  }
  return ({ pending, state }) => {
    if (state.kind !== 'present') return `${pending.key()}${state.kind}`
    const tag = state.tag === undefined ? '?' : numberOf(`tag ${state.tag}`)
    return `${pending.key()}@${tag}=${numberOf(`value ${state.value.key}`)}`
  }
}
