/**
 * A matrix times a vector: every element of the matrix is used once, so all that counts is to read it in the order in which
 * it lies. Rows are added up in the result, or a sum is kept for each row. A late part.
 */

import type { KernelDefinition } from '@ceratops/kernel-registry';
import { type Contraction, canonicalize, product } from '../contraction.js';
import type { CpuKernel, KernelBuffer } from '../kernel.js';
import { dotContraction, dotGeneralKernel } from '../matrix.js';
import { emitRowSums } from './row-sums.js';
import { emitSumOfRows } from './sum-of-rows.js';

export const matrixVectorKernel: KernelDefinition<'cpu', 'dot_general'> = {
  ...dotGeneralKernel,
  build(context) {
    const contraction = canonicalize(dotContraction(context));
    return liesInOrder(contraction) ? [{ ...candidate, emit: emitter(contraction) }] : dotGeneralKernel.build(context);
  },
};

const candidate = { name: 'matrix-vector', workspaceBytes: 0, deterministic: true, epilogues: [] } as const;

/** Whether the vector goes with whole rows of the matrix, or with contiguous elements of them. */
function liesInOrder({ m, n, k }: Contraction): boolean {
  if (k.length !== 1) return false;
  const [column] = n;
  return column ? n.length === 1 && column.b === 1 : m.length < 2 && k[0]!.a * k[0]!.b === 1;
}

function emitter(contraction: Contraction): CpuKernel {
  const addsRows = product(contraction.n) > 1;
  const [a, b] = contraction.swapped ? [1, 0] : [0, 1];
  return (target) => {
    const { module, tuning } = target;
    const emit = addsRows ? emitSumOfRows : emitRowSums;
    const key = `matrix-vector ${JSON.stringify(contraction)}`;
    const kernel = target.shared(key, () => emit(module, contraction, tuning.relaxed));
    const buffers: KernelBuffer[] = [
      { kind: 'operand', index: a! },
      { kind: 'operand', index: b! },
      { kind: 'result', index: 0 },
    ];
    const { batch, m, n, k } = contraction;
    const sizes = [product(m), product(k), product(n)].join('×');
    const batches = batch.length > 0 ? `${product(batch)}×` : '';
    return {
      calls: [{ kernel, buffers }],
      workspaceBytes: 0,
      description: `matrix-vector ${batches}${sizes}, ${addsRows ? 'rows added up' : 'a sum for each row'}`,
    };
  };
}
