/** Gather and scatter over any emitter. */

import { bringRules } from '../bring-rules.js';
import type { Emitter, Value } from '../builder.js';
import { indexingInfer } from '../infer/indexing.js';
import type { GatherAttributes, ScatterAttributes } from '../opset.js';
import { indexingVjp } from '../vjp/indexing.js';

function bringIndexing(): void {
  bringRules(indexingInfer, indexingVjp);
}

export function gather(emitter: Emitter, operand: Value, indices: Value, attributes: GatherAttributes): Value {
  bringIndexing();
  return emitter.emit('gather', [operand, indices], attributes)[0]!;
}

export function scatter(
  emitter: Emitter,
  operands: readonly Value[],
  indices: Value,
  updates: readonly Value[],
  attributes: ScatterAttributes,
): readonly Value[] {
  bringIndexing();
  return emitter.emit('scatter', [...operands, indices, ...updates], attributes);
}
