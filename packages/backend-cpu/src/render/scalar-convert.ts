/** Value conversions and bit casts of one scalar on the stack. */

import type { FunctionWriter } from '../wasm/function-writer.js';
import * as op from '../wasm/op.js';
import type { Helpers } from './helpers.js';
import { emitCompare, pushConstant } from './scalar-ops.js';
import { isOddSized, type Scalar, scalarRows } from './scalar-types.js';

/** Floats saturate on their way to integers; NaN gives 0, as XLA has it. */
export function emitConvert(f: FunctionWriter, helpers: Helpers, from: Scalar, to: Scalar): void {
  if (from === to) return;
  const [source, target] = [scalarRows[from], scalarRows[to]];
  if (target.kind === 'bool') {
    pushConstant(f, source.wasm, 0);
    emitCompare(f, helpers, 'NE', from);
  } else if (isOddSized(from) || isOddSized(to)) helpers.late.scalars.emitConvert(f, helpers, from, to);
  else if (source.kind === 'float') f.op(target.kind === 'int' ? op.i32TruncSatF32S : op.i32TruncSatF32U);
  else if (target.kind === 'float') f.op(source.kind === 'int' ? op.f32ConvertI32S : op.f32ConvertI32U);
}

export function emitBitcast(f: FunctionWriter, helpers: Helpers, from: Scalar, to: Scalar): void {
  if (from === to) return;
  if (isOddSized(from) || isOddSized(to)) helpers.late.scalars.emitBitcast(f, helpers, from, to);
  else if (from === 'float32' && to !== 'float32') f.op(op.i32ReinterpretF32);
  else if (from !== 'float32' && to === 'float32') f.op(op.f32ReinterpretI32);
}
