declare const performance: { readonly timeOrigin: number; now(): number };

/** Milliseconds since `timeOrigin` of the thread that calls. */
export function now(): number {
  return performance.now();
}

/** Milliseconds since 1970: what threads need to compare their clocks. In Node it is the same for all. */
export function timeOrigin(): number {
  return performance.timeOrigin;
}
