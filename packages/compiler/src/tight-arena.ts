/** A second look at the arena: where the largest-first rule leaves gaps, others go first. A late part. */

import { type ArenaSlot, placeInArena, type SlotIndex } from './memory.js';

/** Ends the search: this little above the least that is possible. */
const tolerance = 1.02;
/** Orders that are tried, and pairs of slots that are compared in all. */
const mostRounds = 32;
const mostPairs = 1e6;

/** Other orders to begin with: the longest alive first, or the largest in bytes times steps. */
const orders: readonly ((slot: ArenaSlot) => number)[] = [
  ({ first, last }) => last - first,
  ({ first, last, size }) => (last - first + 1) * size,
];

/**
 * Places slots in an order, then again and again with the one that ends highest moved to the front, and keeps the best.
 * @param slots the largest first.
 * @returns the bytes of the arena.
 */
export function placeTightly(slots: readonly ArenaSlot[]): number {
  const enough = leastBytes(slots) * tolerance;
  let pairs = 0;
  let best = Number.POSITIVE_INFINITY;
  let offsets: readonly number[] = [];
  const search = (start: readonly ArenaSlot[]): void => {
    let order = start;
    for (let round = 0; round <= mostRounds && best > enough && pairs < mostPairs; round++) {
      const index = new StepIndex();
      const bytes = placeInArena(order, index);
      pairs += index.pairs;
      if (bytes < best) {
        best = bytes;
        offsets = slots.map(({ offset }) => offset);
      }
      const highest = order.find(({ offset, size }) => offset + size === bytes)!;
      order = [highest, ...order.filter((slot) => slot !== highest)];
    }
  };
  search(slots);
  for (const measure of orders) search([...slots].sort((a, b) => measure(b) - measure(a)));
  slots.forEach((slot, i) => {
    slot.offset = offsets[i]!;
  });
  return best;
}

/** What is alive at once, at most. */
function leastBytes(slots: readonly ArenaSlot[]): number {
  const starts = [...slots].sort((a, b) => a.first - b.first);
  const ends = [...slots].sort((a, b) => a.last - b.last);
  let [alive, most, ended] = [0, 0, 0];
  for (const { first, size } of starts) {
    while (ends[ended]!.last < first) alive -= ends[ended++]!.size;
    alive += size;
    most = Math.max(most, alive);
  }
  return most;
}

const stepsOfBucket = 64;

/** Slots by the steps that they are alive at, so that a long program of short lives is placed in linear time. */
export class StepIndex implements SlotIndex {
  /** Slots that `near` gave so far. */
  pairs = 0;
  readonly #all: ArenaSlot[] = [];
  readonly #buckets: ArenaSlot[][] = [];

  add(slot: ArenaSlot): void {
    this.#all.push(slot);
    for (const bucket of this.#bucketsOf(slot)) bucket.push(slot);
  }

  near(slot: ArenaSlot): readonly ArenaSlot[] {
    const found = this.#candidates(this.#bucketsOf(slot));
    this.pairs += found.length;
    return found;
  }

  /** Long lives are in many buckets, where they meet each other again and again: then all slots are fewer. */
  #candidates(buckets: readonly ArenaSlot[][]): readonly ArenaSlot[] {
    if (buckets.length === 1) return buckets[0]!;
    const count = buckets.reduce((sum, { length }) => sum + length, 0);
    return count < this.#all.length ? [...new Set(buckets.flat())] : this.#all;
  }

  #bucketsOf({ first, last }: ArenaSlot): ArenaSlot[][] {
    const found: ArenaSlot[][] = [];
    for (let at = Math.floor(first / stepsOfBucket); at <= Math.floor(last / stepsOfBucket); at++)
      found.push((this.#buckets[at] ??= []));
    return found;
  }
}
