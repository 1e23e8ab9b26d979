/**
 * Searches a linearization: an order of all steps with a known outcome, each between its invocation and its return, and of
 * as many of the open steps as needed, such that every claim is true in its state. Depth first with memoization of visited
 * configurations (Wing and Gong's search with Lowe's cache); tags prune moves early.
 *
 * Sound: an order is accepted only after every step was checked against the register. Complete: a move is skipped only if
 * no valid order contains it (tags), if a valid order that has it later can have it now (observations), if a write would
 * have no predecessor (predecessor index), if it cannot make a difference (open moves), or if the configuration was
 * visited before.
 * @see J. Wing and C. Gong, Testing and verifying concurrent objects (1993); P. Gibbons and E. Korach, Testing shared
 *   memories (1997), on why values that are written only once make the search easy
 */

import { absent, gone } from '../registers/register.js'
import type { Step } from '../registers/step.js'
import { closedMoves, findObservation, openMoves } from './moves.js'
import { type Move, type Position, play, startingPosition, takeBack } from './position.js'
import { visitedConfigurations } from './visited.js'

/** Options of {@link searchOrder}. */
export interface SearchOptions {
  /** Whether the register may become present again after a removal: true for names, false for resources, whose ids are unique. */
  readonly reusable: boolean
  /** Search steps after which the result is `undecided`. */
  readonly maxTurns: number
}

/** The result of a search. */
export type SearchResult =
  | { readonly kind: 'linearizable'; readonly turns: number }
  /** There is no linearization; `farthest` has the longest linearizable prefix. */
  | { readonly kind: 'violation'; readonly turns: number; readonly farthest: Position }
  /** The search reached its limit. This must not be treated as linearizable. */
  | { readonly kind: 'undecided'; readonly turns: number }

interface Branch {
  /** The number of moves before this branch. */
  readonly depth: number
  moves: readonly Move[]
  tried: number
  /** True if `moves` are the open moves: steps that may have had no effect are tried last. */
  open: boolean
}

interface Exploration {
  readonly kind: 'found' | 'exhausted' | 'limit' | 'stopped'
  readonly turns: number
  /** The search step of the dead end with the most linearized steps. */
  readonly farthest: number
}

/** Searches a linearization of all steps of one register. Stops after `maxTurns` search steps. */
export function searchOrder(steps: readonly Step[], { reusable, maxTurns }: SearchOptions): SearchResult {
  const removed = reusable ? absent : gone
  const { kind, turns, farthest } = explore(startingPosition(steps, removed), maxTurns, undefined)
  if (kind === 'found') return { kind: 'linearizable', turns }
  if (kind === 'limit') return { kind: 'undecided', turns }
  // Repeats the search up to the farthest position, instead of copying each position.
  const position = startingPosition(steps, removed)
  explore(position, maxTurns, farthest)
  return { kind: 'violation', turns, farthest: position }
}

/** Explores the configurations in a deterministic order; stops at the search step `stopAt`. */
function explore(position: Position, maxTurns: number, stopAt: number | undefined): Exploration {
  const visited = visitedConfigurations()
  const nameOf = configurationNames()
  const branches: Branch[] = []
  let turns = 0
  let farthest = 0
  let most = -1
  for (;;) {
    turns += observeAll(position)
    if (position.pending.isEmpty()) return { kind: 'found', turns, farthest }
    if (turns === stopAt) return { kind: 'stopped', turns, farthest }
    if (turns > maxTurns) return { kind: 'limit', turns, farthest }
    if (!visited.isVisited(nameOf(position), position.usedUp)) {
      const isUnsatisfiable = position.predecessors.unsatisfiable(position.state) !== undefined
      const moves = isUnsatisfiable ? [] : closedMoves(position, position.pending.frontier())
      if (!isUnsatisfiable) branches.push({ depth: position.played.length, moves, tried: 0, open: false })
      if (moves.length === 0 && position.pending.done() > most) {
        most = position.pending.done()
        farthest = turns
      }
    }
    const move = nextMove(position, branches)
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

/** Backtracks to the last branch with an untried move and returns that move; undefined if absent. */
function nextMove(position: Position, branches: Branch[]): Move | undefined {
  for (;;) {
    const branch = branches.at(-1)
    if (branch === undefined) return undefined
    takeBack(position, branch.depth)
    const move = branch.moves[branch.tried]
    if (move !== undefined) {
      branch.tried += 1
      return move
    }
    if (branch.open || position.open.length === 0) {
      branches.pop()
    } else {
      branch.open = true
      branch.tried = 0
      branch.moves = openMoves(position, position.pending.frontier())
    }
  }
}

// Short names for configurations: tags and values are long, and there are as many configurations as search steps.
function configurationNames(): (position: Position) => string {
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
