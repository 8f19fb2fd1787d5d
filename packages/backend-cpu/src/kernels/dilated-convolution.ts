/**
 * A convolution whose input is dilated: the gradient of a strided one, a transposed one. Its outputs fall into phases, each a
 * matrix product of its own that writes every few elements of the result, and no zeros are multiplied.
 */

import {
  type ConvolutionAttributes,
  type KernelDefinition,
  type OpQuery,
  type Shape,
  sizeOf,
} from '@ceratops/kernel-registry';
import type { ModuleWriter } from '../wasm/module-writer.js';
import { type Contraction, canonicalize } from './contraction.js';
import { contractionOfConvolution } from './convolution.js';
import { describe } from './description.js';
import { emitFill } from './fill.js';
import type { KernelCall } from './kernel.js';
import { emitter, hasMatrix, isDenseFloat32, isLarge } from './matrix.js';
import { type Phase, phasesOf } from './spatial.js';

function phasesOfDimensions(lhs: Shape, rhs: Shape, result: Shape, attributes: ConvolutionAttributes): Phase[][] {
  return attributes.inputSpatialDimensions.map((dimension, d) =>
    phasesOf({
      input: lhs[dimension]!,
      kernel: rhs[attributes.kernelSpatialDimensions[d]!]!,
      output: result[attributes.outputSpatialDimensions[d]!]!,
      low: attributes.padding[d]![0],
      stride: attributes.windowStrides[d]!,
      inputDilation: attributes.lhsDilation[d]!,
      kernelDilation: attributes.rhsDilation[d]!,
    }),
  );
}

/** The first input that a phase reads, and the one behind the last. */
function rangeOf({ at, stride, dilation, count, taps }: Phase): readonly [number, number] {
  return taps === 0 ? [0, 0] : [at, at + (count - 1) * stride + (taps - 1) * dilation + 1];
}

/** How much padding each spatial dimension of the input needs, lest a phase read beside it. */
export function padsOf({ operands, results, attributes }: OpQuery<'convolution'>): (readonly [number, number])[] {
  const lhs = operands[0]!.shape;
  return phasesOfDimensions(lhs, operands[1]!.shape, results[0]!.shape, attributes).map((phases, d) => {
    const ranges = phases.map(rangeOf);
    const size = lhs[attributes.inputSpatialDimensions[d]!]!;
    return [Math.max(...ranges.map(([from]) => -from)), Math.max(...ranges.map(([, to]) => to - size))];
  });
}

/** The part of a convolution that its phases are: `whole` has the strides, its spatial dimensions are the last ones. */
function contractionOfPhases(
  whole: Contraction,
  phases: readonly Phase[],
  attributes: ConvolutionAttributes,
): Contraction {
  const [m, k] = [[...whole.m], [...whole.k]];
  let [aOffset, bOffset, cOffset] = [0, whole.bOffset, 0];
  phases.forEach(({ at, stride, dilation, count, first, step, tap, taps, tapStep }, d) => {
    const [output, element] = [whole.m[d + 1]!, whole.k[d + 1]!];
    const input = output.a / attributes.windowStrides[d]!;
    m[d + 1] = { size: count, a: input * stride, b: 0, c: output.c * step };
    k[d + 1] = { size: taps, a: input * dilation, b: element.b * tapStep, c: 0 };
    aOffset += at * input;
    bOffset += tap * element.b;
    cOffset += first * output.c;
  });
  return { ...whole, m, k, aOffset, bOffset, cOffset };
}

/** The products of all phases that have any; undefined where one reads beside the input. */
export function contractionsOf({ operands, results, attributes }: OpQuery<'convolution'>): Contraction[] | undefined {
  const [lhs, rhs, result] = [operands[0]!.shape, operands[1]!.shape, results[0]!.shape];
  const dimensions = phasesOfDimensions(lhs, rhs, result, attributes);
  const inside = dimensions.every((phases, d) =>
    phases.every((phase) => {
      const [from, to] = rangeOf(phase);
      return from >= 0 && to <= lhs[attributes.inputSpatialDimensions[d]!]!;
    }),
  );
  if (!inside) return undefined;
  let combinations: Phase[][] = [[]];
  for (const phases of dimensions)
    combinations = combinations.flatMap((combination) => phases.map((phase) => [...combination, phase]));
  return combinations
    .filter((combination) => combination.every(({ taps }) => taps > 0))
    .map((combination) =>
      contractionOfPhases(contractionOfConvolution(lhs, rhs, result, attributes), combination, attributes),
    );
}

/** Whether some outputs belong to no product. */
function leavesGaps(contractions: readonly Contraction[], { results }: OpQuery): boolean {
  const outputs = contractions.reduce(
    (sum, { batch, m, n }) => sum + sizeOf([...batch, ...m, ...n].map(({ size }) => size)),
    0,
  );
  return outputs < sizeOf(results[0]!.shape);
}

export const dilatedConvolutionKernel: KernelDefinition<'cpu', 'convolution'> = {
  backend: 'cpu',
  op: 'convolution',
  supports: (query) => {
    if (!isDenseFloat32(query) || query.attributes.lhsDilation.every((dilation) => dilation === 1)) return false;
    const contractions = contractionsOf(query);
    return contractions?.some(isLarge) === true && contractions.every(hasMatrix);
  },
  build: (context) => {
    const contractions = contractionsOf(context)!;
    const gaps = leavesGaps(contractions, context);
    const products = contractions.map((contraction) => emitter(canonicalize(contraction)));
    return [
      {
        ...{ name: 'gemm by phases', workspaceBytes: 0, deterministic: true, epilogues: [] },
        emit: (target) => {
          const codes = products.map((product) => product(target));
          const fill = gaps ? [fillCall(target.module, sizeOf(context.results[0]!.shape))] : [];
          return {
            calls: [...fill, ...codes.flatMap(({ calls }) => calls)],
            workspaceBytes: Math.max(...codes.map(({ workspaceBytes }) => workspaceBytes)),
            description: codes.map(({ description }) => describe(description)).join('; '),
          };
        },
      },
    ];
  },
};

function fillCall(module: ModuleWriter, elements: number): KernelCall {
  return { kernel: emitFill(module, elements * 4), buffers: [{ kind: 'result', index: 0 }] };
}
