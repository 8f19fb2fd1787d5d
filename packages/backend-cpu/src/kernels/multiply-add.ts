import type { FunctionWriter, Local } from '../wasm/function-writer.js';
import * as op from '../wasm/op.js';

/** accumulator += a · b, in one rounding where the engine has it. */
export function multiplyAdd(f: FunctionWriter, relaxed: boolean, accumulator: Local, a: Local, b: Local): void {
  if (relaxed) {
    f.get(a);
    f.get(b);
    f.get(accumulator);
    f.op(op.f32x4RelaxedMadd);
  } else {
    f.get(accumulator);
    f.get(a);
    f.get(b);
    f.op(op.f32x4Mul);
    f.op(op.f32x4Add);
  }
  f.set(accumulator);
}
