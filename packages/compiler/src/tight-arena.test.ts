import { describe, expect, it } from 'vitest';
import { type ArenaSlot, placeInArena } from './memory.js';
import { randomGenerator } from './test-support/check.js';
import { placeTightly, StepIndex } from './tight-arena.js';

function randomSlots(seed: number, count: number, longest: number): ArenaSlot[] {
  const random = randomGenerator(seed);
  const slots = Array.from({ length: count }, (_, i) => {
    const first = Math.floor((i * 3) / 2);
    return {
      first,
      last: first + Math.floor(random() * longest),
      size: 64 * (1 + Math.floor(random() ** 3 * 40)),
      offset: 0,
    };
  });
  return slots.sort((a, b) => b.size - a.size);
}

function expectApart(slots: readonly ArenaSlot[]): void {
  for (const [i, a] of slots.entries())
    for (const b of slots.slice(i + 1)) {
      const together = a.first <= b.last && b.first <= a.last;
      if (together) expect(a.offset + a.size <= b.offset || b.offset + b.size <= a.offset).toBe(true);
    }
}

describe('the arena', () => {
  it.each([1, 2, 3, 4, 5])('keeps apart what is alive together, and never gets larger (seed %i)', (seed) => {
    const slots = randomSlots(seed, 120, 90);
    const simple = placeInArena(slots);
    expectApart(slots);
    const tight = placeTightly(slots);
    expectApart(slots);
    expect(tight).toBe(Math.max(...slots.map(({ offset, size }) => offset + size)));
    expect(tight).toBeLessThanOrEqual(simple);
  });

  it('is the same with an index of steps', () => {
    for (let seed = 0; seed < 20; seed++) {
      const slots = randomSlots(seed, 300, 200);
      const plain = placeInArena(slots);
      const offsets = slots.map(({ offset }) => offset);
      expect(placeInArena(slots, new StepIndex())).toBe(plain);
      expect(slots.map(({ offset }) => offset)).toEqual(offsets);
    }
  });

  it('is found in a number of comparisons that grows as the number of slots', () => {
    const pairsOf = (count: number): number => {
      const index = new StepIndex();
      placeInArena(randomSlots(1, count, 20), index);
      return index.pairs / count;
    };
    expect(pairsOf(20_000)).toBeLessThan(1.2 * pairsOf(1000));
  });

  it('compares long lives, which all meet, at most once each', () => {
    const count = 2000;
    const slots = Array.from({ length: count }, (_, i) => ({ first: i, last: 2 * count - i, size: 64, offset: 0 }));
    const index = new StepIndex();
    expect(placeInArena(slots, index)).toBe(64 * count);
    expect(index.pairs).toBeLessThanOrEqual((count * (count - 1)) / 2);
  });
});
