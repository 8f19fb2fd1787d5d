/** fft: the plain discrete transform, O(n²) per line, any length, in float64. */

import type { OpAttributes } from '../opset.js';
import { sizeOf, stridesOf } from '../tensor-type.js';
import type { EvaluateRule } from './context.js';
import { offsetsOf, pick, remainingAxes } from './indexing.js';
import { createTensor, type Tensor } from './tensor.js';

/** Interleaved pairs of a complex array. */
interface Spectrum {
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

/** `Σ x[j] · e^(±2πi jk / n)` along one axis; `scale` is 1/n for the inverse. */
function transformAxis({ shape, data }: Spectrum, axis: number, inverse: boolean): Spectrum {
  const n = shape[axis]!;
  const result = new Float64Array(data.length);
  const strides = stridesOf(shape);
  const others = remainingAxes(shape.length, [axis]);
  const stride = strides[axis]!;
  const angle = ((inverse ? 2 : -2) * Math.PI) / n;
  const cos = Float64Array.from({ length: n }, (_, k) => Math.cos(angle * k));
  const sin = Float64Array.from({ length: n }, (_, k) => Math.sin(angle * k));
  const scale = inverse ? 1 / n : 1;
  for (const base of offsetsOf(pick(shape, others), pick(strides, others))) {
    for (let k = 0; k < n; k++) {
      let re = 0;
      let im = 0;
      for (let j = 0; j < n; j++) {
        const at = 2 * (base + j * stride);
        const turn = (j * k) % n;
        re += data[at]! * cos[turn]! - data[at + 1]! * sin[turn]!;
        im += data[at]! * sin[turn]! + data[at + 1]! * cos[turn]!;
      }
      result[2 * (base + k * stride)] = re * scale;
      result[2 * (base + k * stride) + 1] = im * scale;
    }
  }
  return { shape, data: result };
}

/** The last axis cut to `length`, or continued by conjugate symmetry from its first ⌊length/2⌋ + 1 entries. */
function resizeLast({ shape, data }: Spectrum, length: number, hermitian: boolean): Spectrum {
  const old = shape[shape.length - 1]!;
  const target = [...shape.slice(0, -1), length];
  const result = new Float64Array(2 * sizeOf(target));
  const lines = sizeOf(shape.slice(0, -1));
  for (let line = 0; line < lines; line++) {
    for (let k = 0; k < length; k++) {
      const mirrored = hermitian && k > length / 2;
      const from = 2 * (line * old + (mirrored ? length - k : k));
      const to = 2 * (line * length + k);
      result[to] = data[from]!;
      result[to + 1] = mirrored ? -data[from + 1]! : data[from + 1]!;
    }
  }
  return { shape: target, data: result };
}

function fromReal({ type, data }: Tensor): Spectrum {
  const pairs = new Float64Array(2 * data.length);
  for (let i = 0; i < data.length; i++) pairs[2 * i] = data[i] as number;
  return { shape: type.shape, data: pairs };
}

function asSpectrum({ type, data }: Tensor): Spectrum {
  return { shape: type.shape, data: data as Float64Array };
}

function transform(x: Spectrum, axes: readonly number[], inverse: boolean): Spectrum {
  return axes.reduce((spectrum, axis) => transformAxis(spectrum, axis, inverse), x);
}

type FftType = OpAttributes['fft']['fftType'];

const transforms: { [T in FftType]: (operand: Tensor, axes: readonly number[], length: number) => Spectrum } = {
  FFT: (operand, axes) => transform(asSpectrum(operand), axes, false),
  IFFT: (operand, axes) => transform(asSpectrum(operand), axes, true),
  RFFT: (operand, axes, length) =>
    resizeLast(transform(fromReal(operand), axes, false), length === 0 ? 0 : Math.floor(length / 2) + 1, false),
  // The symmetry of a multidimensional spectrum mirrors every axis, so the outer ones are undone first.
  IRFFT: (operand, axes, length) => {
    const outer = transform(asSpectrum(operand), axes.slice(0, -1), true);
    return transformAxis(resizeLast(outer, length, true), axes[axes.length - 1]!, true);
  },
};

export const evaluateFft: EvaluateRule<'fft'> = (
  { operands, attributes: { fftType, fftLength }, results },
  context,
) => {
  const result = createTensor(results[0]!);
  const { dtype, shape } = result.type;
  const axes = fftLength.map((_, i) => shape.length - fftLength.length + i);
  const { data } = transforms[fftType](operands[0]!, axes, fftLength[fftLength.length - 1]!);
  const round = context.round(dtype);
  const step = fftType === 'IRFFT' ? 2 : 1;
  for (let i = 0; i < result.data.length; i++) result.data[i] = round(data[i * step]!);
  return [result];
};
