/** Functions of one f32x4 that few programs need. */

import type { LateVectorFunction, VectorRoutine } from '../render/helpers.js';
import { erf } from './erf.js';
import { bfloat16ToFloat32, float16ToFloat32, float32ToBfloat16, float32ToFloat16 } from './half.js';
import { expm1, log1p } from './near-zero.js';
import { cosine, sine } from './trigonometry.js';

export const lateFunctions: Readonly<Record<LateVectorFunction, VectorRoutine>> = {
  'ceratops.erf@1': erf,
  exponential_minus_one: expm1,
  log_plus_one: log1p,
  sine: (v, x, helpers) => sine(v, x, helpers.host('sine')),
  cosine: (v, x, helpers) => cosine(v, x, helpers.host('cosine')),
  float16ToFloat32,
  float32ToFloat16,
  bfloat16ToFloat32,
  float32ToBfloat16,
};
