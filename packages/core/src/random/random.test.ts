/** Everything that draws on tensors against the bits of `jax.random`. */
import { decodeBfloat16, decodeFloat16, dtypes, type HostArray } from '@ceratops/kernel-registry';
import { referenceBackend } from '@ceratops/kernel-registry/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import goldens from '../../goldens/random.json' with { type: 'json' };
import { useBackend } from '../engine/default-engine.js';
import { type Tensor, tensor } from '../tensor/tensor.js';
import { jit } from '../transform/jit.js';
import { erf } from './erf.js';
import { floatFormats } from './floating.js';
import {
  bernoulli,
  categorical,
  foldIn,
  key,
  normal,
  permutation,
  randint,
  randomBits,
  shuffle,
  split,
  truncatedNormal,
  uniform,
} from './index.js';

beforeAll(() => useBackend(referenceBackend()));

type Golden = (typeof goldens.jax)[number];
/** The union of what the rows have. */
interface Arguments {
  seed: number;
  count: number;
  data: number;
  shape: number[];
  bits: 8 | 16 | 32 | 64;
  dtype: 'float32';
  min: number;
  max: number;
  p: number;
  lower: number;
  upper: number;
  logits: number[][];
  size?: number;
  rows: number;
  columns: number;
  axis: number;
}

/**
 * Where equality of bits is not asked for, how far values may be off, in units of the dtype's last place at
 * max(|value|, scale). XLA contracts multiply-adds and evaluates logarithms in its own way.
 */
interface Tolerance {
  readonly units: number;
  readonly scale: number;
}

function toleranceOf({ fn, dtype, arguments: options }: Golden): Tolerance | undefined {
  // The double-precision approximation amplifies a last place of the logarithm that much; it is itself off by 130.
  const units = dtype === 'float64' ? 32 : 4;
  if (fn === 'normal') return { units, scale: 0 };
  if (fn === 'truncatedNormal') return { units, scale: 1 };
  // A span that is no power of two: fraction · span + min rounds once in XLA and twice here.
  const { max } = options as Partial<Arguments>;
  return fn === 'uniform' && max === 0.05 ? { units: 1, scale: max } : undefined;
}

const grid = ({ rows, columns }: Arguments): Tensor =>
  tensor(
    Float32Array.from({ length: rows * columns }, (_, i) => i),
    { shape: [rows, columns] },
  );

const draws: { readonly [fn: string]: (key: Tensor, options: Arguments) => Tensor | Tensor[] } = {
  key: (_none, { seed }) => key(seed),
  split: (of, { count }) => split(of, count),
  foldIn: (of, { data }) => foldIn(of, data),
  randomBits: (of, { shape, bits }) => randomBits(of, shape, bits),
  uniform: (of, { shape, ...options }) => uniform(of, shape, options),
  normal: (of, { shape, dtype }) => normal(of, shape, { dtype }),
  truncatedNormal: (of, { shape, lower, upper, dtype }) => truncatedNormal(of, shape, { lower, upper, dtype }),
  bernoulli: (of, { shape, p, dtype }) => bernoulli(of, tensor(p, { dtype }), shape),
  randint: (of, { shape, ...options }) => randint(of, shape, options),
  categorical: (of, { logits, shape }) => categorical(of, tensor(logits), { shape }),
  permutation: (of, options) => permutation(of, options.size ?? grid(options), options.axis ?? 0),
  shuffle: (of, options) => shuffle(of, grid(options), options.axis),
};

/** Elements as unsigned bit patterns. */
function bitsOf(data: HostArray): bigint[] {
  const { BYTES_PER_ELEMENT: bytes } = data;
  const word = { 1: Uint8Array, 2: Uint16Array, 4: Uint32Array, 8: BigUint64Array }[bytes]!;
  return Array.from(
    new word(data.buffer as ArrayBuffer, data.byteOffset, data.length) as Iterable<number | bigint>,
    BigInt,
  );
}

function expectedBits({ bits, dtype }: Golden): bigint[] {
  const digits = 2 * dtypes[dtype as 'float32'].bytes;
  return bits.match(new RegExp(`.{${digits}}`, 'g'))!.map((word) => BigInt(`0x${word}`));
}

const decoders: { readonly [dtype: string]: (words: bigint[]) => number[] } = {
  float16: (words) => words.map((word) => decodeFloat16(Number(word))),
  bfloat16: (words) => words.map((word) => decodeBfloat16(Number(word))),
  float32: (words) => [...new Float32Array(Uint32Array.from(words, Number).buffer)],
  float64: (words) => [...new Float64Array(BigUint64Array.from(words).buffer)],
};

function worstUnits(dtype: string, received: bigint[], expected: bigint[], scale: number): number {
  const decode = decoders[dtype]!;
  const unit = 2 ** -floatFormats[dtype as 'float32'].mantissa;
  const wanted = decode(expected);
  return Math.max(
    ...decode(received).map((x, i) => Math.abs(x - wanted[i]!) / (unit * Math.max(scale, Math.abs(wanted[i]!)))),
  );
}

describe.each(goldens.jax.map((golden, row) => ({ golden, row })))(
  'row $row: $golden.fn $golden.arguments',
  ({ golden }) => {
    it(`draws what jax.random draws from ${golden.key}`, async () => {
      const of = tensor(Uint32Array.from(golden.key ?? [0, 0]));
      const drawn = [draws[golden.fn]!(of, golden.arguments as unknown as Arguments)].flat();
      expect(drawn.map(({ dtype }) => dtype)).toEqual(drawn.map(() => golden.dtype));
      expect(drawn.length === 1 ? drawn[0]!.shape : [drawn.length, ...drawn[0]!.shape]).toEqual(golden.shape);
      const received = (await Promise.all(drawn.map((x) => x.data()))).flatMap(bitsOf);
      const expected = expectedBits(golden);
      const tolerance = toleranceOf(golden);
      if (tolerance === undefined) expect(received).toEqual(expected);
      else expect(worstUnits(golden.dtype, received, expected, tolerance.scale)).toBeLessThanOrEqual(tolerance.units);
    });
  },
);

describe('inside a trace', () => {
  const draw = (of: Tensor): Tensor[] => {
    const [first, second] = split(of);
    return [uniform(first!, [5], { min: -1, max: 3 }), normal(second!, [2, 3]), bernoulli(foldIn(of, 3), 0.4, [9])];
  };

  it('draws the same as outside', async () => {
    const eager = await Promise.all(draw(key(7)).map((x) => x.array()));
    const traced = jit(draw);
    const first = await Promise.all((traced(key(7)) as Tensor[]).map((x) => x.array()));
    const other = await Promise.all((traced(key(8)) as Tensor[]).map((x) => x.array()));
    expect(first).toEqual(eager);
    // The key is an input, not a constant of the trace.
    expect(other).not.toEqual(eager);
  });
});

describe('erf on the host', () => {
  // scipy.special.erf([...])
  it.each([
    [0, 0],
    [0.1, 0.1124629160182849],
    [-1, -0.8427007929497149],
    [Math.SQRT2, 0.9544997361036416],
    [3, 0.9999779095030014],
    [7, 1],
  ])('erf(%d)', (x, expected) => {
    expect(Math.abs(erf(x) - expected)).toBeLessThan(4e-16);
  });
});

describe('bad arguments', () => {
  it.each([
    ['a key of the wrong type', () => randomBits(tensor([0, 1]), [2]), 'INVALID_ARGUMENT'],
    ['an integer uniform', () => uniform(key(0), [2], { dtype: 'int32' }), 'DTYPE_MISMATCH'],
    ['a floating randint', () => randint(key(0), [2], { min: 0, max: 2, dtype: 'float32' }), 'DTYPE_MISMATCH'],
    ['a fractional seed', () => key(0.5), 'INVALID_ARGUMENT'],
    ['an axis out of range', () => shuffle(key(0), tensor([1, 2]), 1), 'INVALID_ARGUMENT'],
    [
      'a shape that does not fit',
      () => categorical(key(0), grid({ rows: 2, columns: 2 } as Arguments), { shape: [3, 3] }),
      'SHAPE_MISMATCH',
    ],
  ])('%s is a typed error', (_name, call, code) => {
    expect(call).toThrowError(expect.objectContaining({ code }));
  });
});
