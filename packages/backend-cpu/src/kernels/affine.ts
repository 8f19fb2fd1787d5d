import type { FunctionWriter, Local } from '../wasm/function-writer.js';
import * as op from '../wasm/op.js';

/** One dimension of a walk through memory. */
export interface Step {
  readonly size: number;
  /** In bytes. */
  readonly stride: number;
}

/**
 * Pushes the byte offset of a linear index over `steps`, outermost first: Σ digit · stride. `index` is read, not
 * changed; the outermost digit is not reduced by its size.
 */
export function pushOffset(f: FunctionWriter, index: Local, steps: readonly Step[]): void {
  if (steps.length === 0) {
    f.i32(0);
    return;
  }
  if (steps.length === 1) {
    f.get(index);
    pushScaled(f, steps[0]!.stride);
    return;
  }
  const rest = f.local('i32');
  f.get(index);
  f.set(rest);
  for (let d = steps.length - 1; d >= 0; d--) {
    const { size, stride } = steps[d]!;
    f.get(rest);
    if (d > 0) {
      f.i32(size);
      f.op(op.i32RemU);
    }
    pushScaled(f, stride);
    if (d < steps.length - 1) f.op(op.i32Add);
    if (d > 0) {
      f.get(rest);
      f.i32(size);
      f.op(op.i32DivU);
      f.set(rest);
    }
  }
  f.release('i32', rest);
}

/** Multiplies the i32 on the stack by a constant. */
export function pushScaled(f: FunctionWriter, factor: number): void {
  if (factor === 1) return;
  f.i32(factor);
  f.op(op.i32Mul);
}

/** Pushes min(value on the stack + amount, most). */
export function pushAtMost(f: FunctionWriter, amount: number, most: number): void {
  const value = f.local('i32');
  f.i32(amount);
  f.op(op.i32Add);
  f.tee(value);
  f.i32(most);
  f.get(value);
  f.i32(most);
  f.op(op.i32LtU);
  f.op(op.select);
  f.release('i32', value);
}

/** `for (counter = 0; counter < count; counter++) body()`, with a constant count of at least 1. */
export function countedLoop(f: FunctionWriter, count: number, body: (counter: Local) => void): void {
  const counter = f.local('i32');
  f.i32(0);
  f.set(counter);
  f.loop();
  body(counter);
  f.get(counter);
  f.i32(1);
  f.op(op.i32Add);
  f.tee(counter);
  f.i32(count);
  f.op(op.i32LtU);
  f.branchIf(0);
  f.end();
  f.release('i32', counter);
}

/** `for (; counter < limit; counter += step) body()`; the loop may run zero times. */
export function rangeLoop(f: FunctionWriter, counter: Local, limit: Local, step: number, body: () => void): void {
  const isLeft = (): void => {
    f.get(counter);
    f.get(limit);
    f.op(op.i32LtU);
  };
  whileLoop(f, isLeft, () => {
    body();
    f.increment(counter, step);
  });
}

/**
 * `while (condition) body()`; `condition` pushes an i32. The loop tests at its end: V8 takes what does not change, such as vector
 * constants, out of a loop only where all of its body is always run.
 */
export function whileLoop(f: FunctionWriter, condition: () => void, body: () => void): void {
  condition();
  f.if();
  f.loop();
  body();
  condition();
  f.branchIf(0);
  f.end();
  f.end();
}
