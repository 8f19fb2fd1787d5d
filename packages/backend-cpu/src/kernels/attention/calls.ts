import type { FunctionIndex, FunctionWriter, Local } from '../../wasm/function-writer.js';
import * as op from '../../wasm/op.js';

/** Calls a function with what is on the stack and these. */
export function call(f: FunctionWriter, target: FunctionIndex, ...args: readonly Local[]): void {
  for (const arg of args) f.get(arg);
  f.call(target);
}

/** A local that holds base + offset from here on. */
export function localAt(f: FunctionWriter, base: Local, offset: number): Local {
  const local = f.local('i32');
  f.get(base);
  f.i32(offset);
  f.op(op.i32Add);
  f.set(local);
  return local;
}
