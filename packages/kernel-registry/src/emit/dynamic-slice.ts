/** Slices at computed places over any emitter. */

import { bringRules } from '../bring-rules.js';
import type { Emitter, Value } from '../builder.js';
import { dynamicSliceInfer } from '../infer/dynamic-slice.js';
import type { Shape } from '../tensor-type.js';
import { dynamicSliceVjp } from '../vjp/dynamic-slice.js';

function bringDynamicSlices(): void {
  bringRules(dynamicSliceInfer, dynamicSliceVjp);
}

export function dynamicSlice(emitter: Emitter, operand: Value, starts: readonly Value[], sliceSizes: Shape): Value {
  bringDynamicSlices();
  return emitter.emit('dynamic_slice', [operand, ...starts], { sliceSizes })[0]!;
}

export function dynamicUpdateSlice(emitter: Emitter, operand: Value, update: Value, starts: readonly Value[]): Value {
  bringDynamicSlices();
  return emitter.emit('dynamic_update_slice', [operand, update, ...starts], {})[0]!;
}
