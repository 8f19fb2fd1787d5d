/** The kernel rows of `dot_general` and `convolution`: both are one strided matrix product. */

import { type KernelContext, type KernelDefinition, type OpQuery, sizeOf } from '@ceratops/kernel-registry';
import { type Contraction, canonicalize, product } from './contraction.js';
import { contractionOfConvolution, isUnpadded } from './convolution.js';
import { contractionOfDot } from './dot-general.js';
import { emitGemm } from './gemm.js';
import type { CpuKernel, KernelBuffer, KernelCall } from './kernel.js';

/** Below this many products a plain loop is as fast and its code far smaller. */
const fewestProducts = 2048;

export function dotContraction({ operands, attributes }: OpQuery<'dot_general'>): Contraction {
  return contractionOfDot(operands[0]!.shape, operands[1]!.shape, attributes);
}

export function convolutionContraction({ operands, results, attributes }: OpQuery<'convolution'>): Contraction {
  return contractionOfConvolution(operands[0]!.shape, operands[1]!.shape, results[0]!.shape, attributes);
}

export function isDenseFloat32({ operands, results }: OpQuery<'dot_general' | 'convolution'>): boolean {
  return [...operands, ...results].every(({ dtype, shape }) => dtype === 'float32' && sizeOf(shape) > 0);
}

export function isLarge({ batch, m, n, k }: Contraction): boolean {
  return product(batch) * product(m) * product(n) * product(k) >= fewestProducts;
}

/** Groups of a few features, depthwise above all, have no matrix to speak of: loops over the groups are wider. */
export function hasMatrix({ batch, m, n }: Contraction): boolean {
  return product(batch) <= 4 || (product(n) >= 4 && product(m) >= 4);
}

/** Whether this is a matrix times a vector, or a batch of such: a late part. */
export function hasVector(query: OpQuery<'dot_general'>): boolean {
  const { m, n } = canonicalize(dotContraction(query));
  return m.length * n.length === 0;
}

export const dotGeneralKernel: KernelDefinition<'cpu', 'dot_general'> = {
  backend: 'cpu',
  op: 'dot_general',
  supports: (query) => isDenseFloat32(query) && isLarge(dotContraction(query)),
  build: (context) => [candidate(dotContraction(context))],
};

export const convolutionKernel: KernelDefinition<'cpu', 'convolution'> = {
  backend: 'cpu',
  op: 'convolution',
  supports: (query) => {
    if (!isDenseFloat32(query) || !isUnpadded(query.attributes)) return false;
    const contraction = convolutionContraction(query);
    return isLarge(contraction) && hasMatrix(contraction);
  },
  build: (context: KernelContext<'convolution'>) => [candidate(convolutionContraction(context))],
};

function candidate(contraction: Contraction): ReturnType<typeof dotGeneralKernel.build>[number] {
  const canonical = canonicalize(contraction);
  // The packed operand's size is known only with the engine's tile; `emit` says what it takes.
  return { name: 'gemm', workspaceBytes: 0, deterministic: true, epilogues: [], emit: emitter(canonical) };
}

/** Emits a canonical contraction of the op's operands. */
export function emitter(contraction: Contraction): CpuKernel {
  return (target) => {
    const key = `gemm ${JSON.stringify(contraction)}`;
    const gemm = target.shared(key, () => emitGemm(target.module, contraction, target.tuning));
    const [a, b] = contraction.swapped ? [1, 0] : [0, 1];
    const lhs: KernelBuffer = { kind: 'operand', index: a };
    const rhs: KernelBuffer = { kind: 'operand', index: b };
    const result: KernelBuffer = { kind: 'result', index: 0 };
    const packed: KernelBuffer = { kind: 'workspace', offset: 0 };
    const offsets: KernelBuffer = { kind: 'workspace', offset: gemm.packedBytes };
    const calls: KernelCall[] = [];
    if (gemm.packB !== undefined) calls.push({ kernel: gemm.packB, buffers: [rhs, packed] });
    if (gemm.offsets !== undefined) calls.push({ kernel: gemm.offsets, buffers: [offsets] });
    const buffers = [lhs, gemm.packB === undefined ? rhs : packed, result];
    calls.push({ kernel: gemm.multiply, buffers: gemm.offsets === undefined ? buffers : [...buffers, offsets] });
    const { table, contracted } = gemm.blocking;
    const workspaceBytes = gemm.packedBytes + (table ? contracted * 4 : 0);
    return { calls, workspaceBytes, description: gemm.blocking };
  };
}
