/** Calls out and barriers over any emitter. */

import { bringRules } from '../bring-rules.js';
import type { Emitter, Value } from '../builder.js';
import { callsInfer } from '../infer/calls.js';
import type { AttributeValue } from '../opset.js';
import type { TensorType } from '../tensor-type.js';
import { callsVjp } from '../vjp/calls.js';

function bringCalls(): void {
  bringRules(callsInfer, callsVjp);
}

export function customCall(
  emitter: Emitter,
  target: string,
  operands: readonly Value[],
  results: readonly TensorType[],
  config: { readonly [name: string]: AttributeValue } = {},
): readonly Value[] {
  bringCalls();
  return emitter.emit('custom_call', operands, { target, config, results });
}

export function optimizationBarrier(emitter: Emitter, operands: readonly Value[]): readonly Value[] {
  bringCalls();
  return emitter.emit('optimization_barrier', operands, {});
}
