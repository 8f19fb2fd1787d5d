/** Convolutions of stride one of float32, channels last, with any padding. */

import type { OpQuery } from '@ceratops/kernel-registry';
import type { Contraction, Dimension } from './contraction.js';
import { contractionOfConvolution } from './convolution.js';
import { isDenseFloat32 } from './matrix.js';

/** A spatial dimension. Output o meets tap t at input `o + t · dilation - low`, if that is there. */
export interface Axis {
  readonly input: number;
  readonly output: number;
  readonly taps: number;
  readonly low: number;
  readonly dilation: number;
  /** Bytes in the input. */
  readonly stride: number;
}

export interface StrideOne {
  readonly samples: number;
  /** Bytes in the input. */
  readonly sampleStride: number;
  readonly rows: Axis;
  readonly columns: Axis;
  readonly inputs: number;
  readonly features: number;
  /** Of the same product with padding: rows (sample, row, column), contracted (row, column, input) of the window. */
  readonly contraction: Contraction;
}

const unitDimension: Dimension = { size: 1, a: 0, b: 0, c: 0 };
const unitAxis: Axis = { input: 1, output: 1, taps: 1, low: 0, dilation: 1, stride: 0 };

function describe({ operands, results, attributes }: OpQuery<'convolution'>): StrideOne | undefined {
  const [lhs, rhs, result] = [operands[0]!.shape, operands[1]!.shape, results[0]!.shape];
  const plain =
    attributes.featureGroupCount * attributes.batchGroupCount === 1 &&
    [...attributes.windowStrides, ...attributes.lhsDilation].every((factor) => factor === 1);
  const spatial = attributes.windowStrides.length;
  if (!plain || spatial < 1 || spatial > 2) return undefined;
  const whole = contractionOfConvolution(lhs, rhs, result, attributes);
  const [samples, ...outputs] = whole.m as [Dimension, ...Dimension[]];
  const [inputs, ...taps] = whole.k as [Dimension, ...Dimension[]];
  const axes = outputs.map(
    ({ size, a }, d): Axis => ({
      input: lhs[attributes.inputSpatialDimensions[d]!]!,
      output: size,
      taps: taps[d]!.size,
      low: attributes.padding[d]![0],
      dilation: attributes.rhsDilation[d]!,
      stride: a * 4,
    }),
  );
  if (axes.length < 2) {
    axes.unshift(unitAxis);
    outputs.unshift(unitDimension);
    taps.unshift(unitDimension);
  }
  const contraction: Contraction = {
    ...whole,
    batch: [],
    m: [samples, ...outputs],
    k: [...taps, inputs],
  };
  return {
    samples: samples.size,
    sampleStride: samples.a * 4,
    rows: axes[0]!,
    columns: axes[1]!,
    inputs: inputs.size,
    features: whole.n[0]!.size,
    contraction,
  };
}

/** Whether input features are neighbours, and results lie in the order (sample, row, column, feature). */
function isChannelsLast({ contraction: { m, n, k } }: StrideOne): boolean {
  let stride = 1;
  const dense = [...m, ...n].reverse().every(({ size, c }) => {
    const fits = size === 1 || c === stride;
    stride *= size;
    return fits;
  });
  return dense && k.at(-1)!.a === 1;
}

export function strideOneOf(query: OpQuery<'convolution'>): StrideOne | undefined {
  const convolution = isDenseFloat32(query) ? describe(query) : undefined;
  return convolution !== undefined && isChannelsLast(convolution) ? convolution : undefined;
}

/** Pairs of an output and a tap that meet an input. */
function meetingsAlong({ input, output, taps, low, dilation }: Axis): number {
  let count = 0;
  for (let tap = 0; tap < taps; tap++) {
    const at = tap * dilation - low;
    count += Math.max(0, Math.min(output, input - at) - Math.max(0, -at));
  }
  return count;
}

/** Pairs of an output and a tap of a sample's image that meet an input. */
export function meetings({ rows, columns }: StrideOne): number {
  return meetingsAlong(rows) * meetingsAlong(columns);
}
