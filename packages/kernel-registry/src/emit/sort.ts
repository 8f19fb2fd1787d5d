/** Sorting over any emitter. */

import { bringRules } from '../bring-rules.js';
import type { Emitter, Value } from '../builder.js';
import { sortInfer } from '../infer/sort.js';
import type { Program } from '../program.js';
import { comparatorRegion } from '../region.js';
import { sortVjp } from '../vjp/sort.js';

/** Sorts by the first operand, ascending and stable unless told otherwise. */
export function sort(
  emitter: Emitter,
  operands: readonly Value[],
  dimension: number,
  comparator: Program = comparatorRegion(
    operands.map((value) => value.type.dtype),
    'LT',
  ),
  isStable = true,
): readonly Value[] {
  bringRules(sortInfer, sortVjp);
  return emitter.emit('sort', operands, { dimension, isStable, comparator });
}
