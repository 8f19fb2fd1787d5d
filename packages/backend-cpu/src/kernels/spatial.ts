/**
 * One spatial dimension of a convolution, free of padding and dilation: outputs in as many phases as the input's dilation
 * makes, each of which is a plain window over the input. A stride's gradient then multiplies no zeros.
 */

export interface SpatialDimension {
  readonly input: number;
  readonly kernel: number;
  readonly output: number;
  readonly low: number;
  readonly stride: number;
  readonly inputDilation: number;
  readonly kernelDilation: number;
}

/** Outputs `first + step · t` for t < `count`; tap j < `taps` multiplies kernel element `tap + tapStep · j` by input `at + stride · t + dilation · j`. */
export interface Phase {
  readonly first: number;
  readonly step: number;
  readonly count: number;
  readonly tap: number;
  readonly tapStep: number;
  readonly taps: number;
  /** May be negative: the padding. */
  readonly at: number;
  readonly stride: number;
  readonly dilation: number;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

export function phasesOf(dimension: SpatialDimension): Phase[] {
  const { kernel, output, low, stride, inputDilation, kernelDilation } = dimension;
  const step = inputDilation / greatestCommonDivisor(inputDilation, stride);
  const tapStep = inputDilation / greatestCommonDivisor(inputDilation, kernelDilation);
  return Array.from({ length: Math.min(step, output) }, (_, first) => {
    const position = (tap: number): number => first * stride - low + tap * kernelDilation;
    let tap = 0;
    while (tap < tapStep && position(tap) % inputDilation !== 0) tap++;
    const taps = tap === tapStep ? 0 : Math.max(0, Math.ceil((kernel - tap) / tapStep));
    return {
      ...{ first, step, count: Math.ceil((output - first) / step), tap, tapStep, taps },
      at: taps === 0 ? 0 : position(tap) / inputDilation,
      stride: (step * stride) / inputDilation,
      dilation: (tapStep * kernelDilation) / inputDilation,
    };
  });
}

/** Outputs t with `from` ≤ t < `to`, whose taps with `firstTap` ≤ j < `endTap` are inside the input. */
export interface Segment {
  readonly from: number;
  readonly to: number;
  readonly firstTap: number;
  readonly endTap: number;
}

export function segmentsOf({ count, at, stride, dilation, taps }: Phase, input: number): Segment[] {
  const segments: Segment[] = [];
  for (let t = 0; t < count; t++) {
    const first = at + stride * t;
    const firstTap = Math.min(taps, Math.max(0, Math.ceil(-first / dilation)));
    const endTap = Math.max(firstTap, Math.min(taps, Math.ceil((input - first) / dilation)));
    const last = segments.at(-1);
    if (last?.firstTap === firstTap && last.endTap === endTap) segments[segments.length - 1] = { ...last, to: t + 1 };
    else segments.push({ from: t, to: t + 1, firstTap, endTap });
  }
  return segments;
}
