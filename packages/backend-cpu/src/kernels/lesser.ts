/** Apart from the other arithmetic of addresses: only late parts take it. */

import type { FunctionWriter, Local } from '../wasm/function-writer.js';
import * as op from '../wasm/op.js';

/** Pushes the lesser of two locals. */
export function pushLesser(f: FunctionWriter, a: Local, b: Local): void {
  for (const local of [a, b, a, b]) f.get(local);
  f.op(op.i32LtU);
  f.op(op.select);
}
