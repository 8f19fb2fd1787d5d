/** Conversions between float32 lanes and the 16-bit formats, which live in the low half of 32-bit lanes. */

import type { Local } from '../wasm/function-writer.js';
import * as op from '../wasm/late-op.js';
import type { VectorCode } from './vector-code.js';

/** Multiplying by 2^112 rebases the exponent and makes subnormals normal. */
export function float16ToFloat32(v: VectorCode, bits: Local): Local {
  const magnitude = v.do(op.v128And, bits, v.int(0x7fff));
  const rebased = v.mul(v.shift(op.i32x4Shl, magnitude, 13), v.float(2 ** 112));
  const special = v.do(op.v128And, v.do(op.i32x4GtS, magnitude, v.int(0x7bff)), v.int(0x7f800000));
  const sign = v.shift(op.i32x4Shl, v.do(op.v128And, bits, v.int(0x8000)), 16);
  return v.do(op.v128Or, v.do(op.v128Or, rebased, special), sign);
}

/** Rounds to nearest, ties to even. */
export function float32ToFloat16(v: VectorCode, x: Local): Local {
  const sign = v.do(op.v128And, x, v.int(-0x80000000));
  const magnitude = v.do(op.v128Xor, x, sign);
  // Adding 0.5 leaves the subnormal's bits, rounded by the hardware, at the bottom of the mantissa.
  const subnormal = v.do(op.i32x4Sub, v.add(magnitude, v.float(0.5)), v.float(0.5));
  const odd = v.do(op.v128And, v.shift(op.i32x4ShrU, magnitude, 13), v.int(1));
  const rebased = v.do(op.i32x4Add, v.do(op.i32x4Add, magnitude, v.int(((15 - 127) << 23) + 0xfff)), odd);
  const normal = v.shift(op.i32x4ShrU, rebased, 13);
  const finite = v.choose(v.do(op.i32x4LtS, magnitude, v.int(113 << 23)), subnormal, normal);
  const nan = v.do(op.i32x4GtS, magnitude, v.int(0x7f800000));
  const special = v.choose(nan, v.int(0x7e00), v.int(0x7c00));
  const result = v.choose(v.do(op.i32x4GeS, magnitude, v.int(0x47800000)), special, finite);
  return v.do(op.v128Or, result, v.shift(op.i32x4ShrU, sign, 16));
}

export function bfloat16ToFloat32(v: VectorCode, bits: Local): Local {
  return v.shift(op.i32x4Shl, bits, 16);
}

/** Rounds to nearest, ties to even; NaN stays NaN. */
export function float32ToBfloat16(v: VectorCode, x: Local): Local {
  const high = v.shift(op.i32x4ShrU, x, 16);
  const odd = v.do(op.v128And, high, v.int(1));
  const rounded = v.do(op.i32x4Add, v.do(op.i32x4Add, x, v.int(0x7fff)), odd);
  const nan = v.do(op.f32x4Ne, x, x);
  return v.choose(nan, v.do(op.v128Or, high, v.int(0x40)), v.shift(op.i32x4ShrU, rounded, 16));
}
