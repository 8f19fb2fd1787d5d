/** Random choices from a seed. */

export interface Draw {
  /** Uniform in [0, 1). */
  unit(): number;
  /** An integer in [0, n). */
  below(n: number): number;
  /** An integer in [low, high]. */
  between(low: number, high: number): number;
  /** True once in n times. */
  once(n: number): boolean;
  pick<T>(items: readonly T[]): T;
  shuffled<T>(items: readonly T[]): T[];
}

export function drawFrom(seed: number): Draw {
  let state = seed >>> 0;
  const unit = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let x = Math.imul(state ^ (state >>> 15), state | 1);
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61);
    return ((x ^ (x >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (n: number): number => Math.floor(unit() * n);
  return {
    unit,
    below,
    between: (low, high) => low + below(high - low + 1),
    once: (n) => below(n) === 0,
    pick: (items) => items[below(items.length)]!,
    shuffled: (items) => {
      const left = [...items];
      return items.map(() => left.splice(below(left.length), 1)[0]!);
    },
  };
}
