/** Reverse mode of calls out and of barriers. */
import type { Value } from '../builder.js';
import * as emit from '../emit/index.js';
import { type Cotangent, unsupported, type VjpRules } from './rule.js';

export const callsVjp: VjpRules<'custom_call' | 'optimization_barrier'> = {
  custom_call: unsupported('custom_call', 'its target is opaque', 'wrap it in customGradient'),
  optimization_barrier: {
    kind: 'linear',
    vjp: ({ emitter, cotangents }) => throughBarrier(cotangents, (values) => emit.optimizationBarrier(emitter, values)),
  },
};

/** Runs the cotangents that are there through a barrier of their own. */
function throughBarrier(
  cotangents: readonly Cotangent[],
  barrier: (values: readonly Value[]) => readonly Value[],
): Cotangent[] {
  const through = [...barrier(cotangents.filter((cotangent) => cotangent !== undefined))];
  return cotangents.map((cotangent) => (cotangent === undefined ? undefined : through.shift()));
}
