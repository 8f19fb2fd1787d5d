/** tanh of four floats. */

import type { Local } from '../wasm/function-writer.js';
import * as op from '../wasm/op.js';
import { exp } from './exponential.js';
import type { VectorCode } from './vector-code.js';

const tanhCoefficients = [-5.70498872745e-3, 2.06390887954e-2, -5.37397155531e-2, 1.33314422036e-1, -3.33332819422e-1];

/** An odd polynomial below 0.625, 1 - 2 / (exp(2|x|) + 1) above. */
export function tanh(v: VectorCode, x: Local): Local {
  const magnitude = v.do(op.f32x4Abs, x);
  const square = v.mul(x, x);
  const small = v.madd(v.mul(v.polynomial(square, tanhCoefficients), square), x, x);
  const exponential = exp(v, v.add(magnitude, magnitude));
  const large = v.sub(v.float(1), v.do(op.f32x4Div, v.float(2), v.add(exponential, v.float(1))));
  const signed = v.choose(v.int(-0x80000000), x, large);
  return v.choose(v.do(op.f32x4Lt, magnitude, v.float(0.625)), small, signed);
}
