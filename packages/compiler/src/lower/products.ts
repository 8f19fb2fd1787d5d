/** Sums of products: what dot_general and convolution as plain loops have in common. */

import type { DType } from '@ceratops/kernel-registry';
import type { Affine } from '../affine.js';
import type { Operand } from '../kernel-builder.js';
import { binaryScalarOp } from '../scalar-ops.js';
import { linear } from './loops.js';
import type { Reduction } from './reduction.js';
import type { ValueEmitter } from './values.js';

/** The parts of a reduction that sums products of type `dtype`. */
export function sumOfProducts(
  dtype: DType,
  kept: readonly number[],
  store: (emitter: ValueEmitter, index: Affine, value: Operand) => void,
): Pick<Reduction, 'group' | 'kept' | 'cost' | 'states' | 'initial' | 'fold' | 'finish'> {
  return {
    group: -1,
    kept,
    cost: 2,
    states: [{ dtype, op: 'add' }],
    initial: ({ builder }) => [builder.constant(dtype, zeroOf(dtype))],
    fold: (_emitter, accumulators) => [...accumulators],
    finish: (emitter, coordinates, [value]) => store(emitter, linear(coordinates, kept), value!),
  };
}

export function zeroOf(dtype: DType): number | bigint {
  return dtype === 'int64' || dtype === 'uint64' ? 0n : 0;
}

export function multiply({ builder }: ValueEmitter, dtype: DType, left: Operand, right: Operand): Operand {
  return builder.binary(
    binaryScalarOp('multiply', dtype),
    dtype,
    builder.convert(dtype, left),
    builder.convert(dtype, right),
  );
}
