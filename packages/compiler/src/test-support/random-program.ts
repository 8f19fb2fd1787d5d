/** Random small programs from a seed, for memory plans: elementwise chains, views, reductions, indexing, several outputs, aliases. */

import { type Emitter, type Program, ProgramBuilder, sizeOf, tensorType, type Value } from '@ceratops/kernel-registry';
import * as emit from '@ceratops/kernel-registry/emit';
import { randomGenerator } from './check.js';

interface Draw {
  /** An integer in [0, n). */
  below(n: number): number;
  pick<T>(items: readonly T[]): T;
}

/** Gives a value made from `value` and others of its builder, or undefined where it does not apply. */
type Grow = (e: Emitter, value: Value, draw: Draw, pool: readonly Value[]) => Value | undefined;

function partner(value: Value, draw: Draw, pool: readonly Value[]): Value {
  const { dtype, shape } = value.type;
  return draw.pick(pool.filter(({ type }) => type.dtype === dtype && `${type.shape}` === `${shape}`));
}

const binaries: Grow = (e, value, draw, pool) => {
  const op = draw.pick([emit.add, emit.subtract, emit.multiply, emit.maximum, emit.minimum]);
  return op(e, value, partner(value, draw, pool));
};

const unaries: Grow = (e, value, draw) =>
  value.type.dtype === 'float32'
    ? draw.pick([emit.tanh, emit.abs, emit.sine, emit.negate])(e, value)
    : draw.pick([emit.not, emit.abs, emit.sign])(e, value);

const chooses: Grow = (e, value, draw, pool) => {
  if (value.type.dtype !== 'int32') return undefined;
  const other = partner(value, draw, pool);
  return emit.select(e, emit.compare(e, value, other, draw.pick(['LT', 'GE', 'EQ'])), other, value);
};

const transposes: Grow = (e, value, draw) => {
  const axes = value.type.shape.map((_, axis) => axis);
  const permutation: number[] = [];
  while (axes.length > 0) permutation.push(...axes.splice(draw.below(axes.length), 1));
  return emit.transpose(e, value, permutation);
};

const reshapes: Grow = (e, value, draw) => {
  const size = sizeOf(value.type.shape);
  const divisors = Array.from({ length: size }, (_, i) => i + 1).filter((n) => size % n === 0);
  const outer = draw.pick(divisors);
  return emit.reshape(e, value, draw.pick([[outer, size / outer], [size], [1, outer, size / outer]]));
};

const broadcasts: Grow = (e, value, draw) => {
  const { shape } = value.type;
  if (sizeOf(shape) > 200 || shape.length > 3) return undefined;
  const at = draw.below(shape.length + 1);
  const wider = [...shape.slice(0, at), 1 + draw.below(4), ...shape.slice(at)];
  const dimensions = shape.map((_, axis) => (axis < at ? axis : axis + 1));
  return emit.broadcastInDim(e, value, wider, dimensions);
};

const slices: Grow = (e, value, draw) => {
  const { shape } = value.type;
  const starts = shape.map((size) => draw.below(size));
  const limits = shape.map((size, axis) => starts[axis]! + 1 + draw.below(size - starts[axis]!));
  return emit.slice(
    e,
    value,
    starts,
    limits,
    shape.map(() => 1 + draw.below(2)),
  );
};

const reverses: Grow = (e, value, draw) =>
  emit.reverse(
    e,
    value,
    value.type.shape.map((_, axis) => axis).filter(() => draw.below(2) === 0),
  );

const pads: Grow = (e, value, draw) => {
  const { shape, dtype } = value.type;
  const edges = (): number[] => shape.map(() => draw.below(3));
  const interior = shape.map(() => (draw.below(4) === 0 ? 1 : 0));
  return emit.pad(e, value, emit.fill(e, tensorType(dtype, []), draw.below(2)), edges(), edges(), interior);
};

const concatenates: Grow = (e, value, draw, pool) =>
  value.type.shape.length === 0
    ? undefined
    : emit.concatenate(e, [value, partner(value, draw, pool)], draw.below(value.type.shape.length));

const reduces: Grow = (e, value, draw) => {
  const dimensions = value.type.shape.map((_, axis) => axis).filter(() => draw.below(2) === 0);
  return draw.pick([emit.reduceSum, emit.reduceMax, emit.reduceMin])(e, value, dimensions);
};

const updates: Grow = (e, value, draw) => {
  const { shape } = value.type;
  const part = emit.slice(
    e,
    value,
    shape.map(() => 0),
    shape.map((size) => 1 + draw.below(size)),
  );
  const starts = shape.map(() => emit.fill(e, tensorType('int32', []), draw.below(5) - 1));
  return emit.dynamicUpdateSlice(e, value, emit.negate(e, part), starts);
};

const iotas: Grow = (e, value, draw) => {
  const { shape } = value.type;
  return shape.length === 0 ? undefined : emit.add(e, value, emit.iota(e, value.type, draw.below(shape.length)));
};

const growths: readonly Grow[] = [
  binaries,
  binaries,
  binaries,
  unaries,
  unaries,
  chooses,
  transposes,
  reshapes,
  broadcasts,
  slices,
  reverses,
  pads,
  concatenates,
  reduces,
  reduces,
  updates,
  iotas,
];

const largest = 600;

export function randomProgram(seed: number): Program {
  const random = randomGenerator(seed);
  const below = (n: number): number => Math.floor(random() * n);
  const draw: Draw = { below, pick: (items) => items[below(items.length)]! };
  const builder = new ProgramBuilder();
  const shape = (): number[] => Array.from({ length: 1 + below(3) }, () => 1 + below(6));
  const first = shape();
  const pool: Value[] = [first, first, shape(), shape()].map((own, i) =>
    builder.input(tensorType(i === 2 ? 'int32' : 'float32', own)),
  );
  const inputs = pool.length;
  for (let i = 0; i < 5 + below(25); i++) {
    // Mostly recent values, so that chains grow long.
    const value = pool[Math.max(0, pool.length - 1 - below(below(2) === 0 ? 3 : pool.length))]!;
    const grown = draw.pick(growths)(builder, value, draw, pool);
    if (grown === undefined || sizeOf(grown.type.shape) > largest || sizeOf(grown.type.shape) === 0) continue;
    // Without this, products of products leave the range in which sums agree.
    pool.push(grown.type.dtype === 'float32' && below(4) === 0 ? emit.tanh(builder, grown) : grown);
  }
  const outputs = [pool.at(-1)!, ...pool.slice(inputs).filter(() => below(4) === 0)];
  const aliases = aliasesOf(pool.slice(0, inputs), outputs, draw);
  return builder.build(outputs, `random ${seed}`, aliases);
}

/** Some inputs are taken over by an output of their type. */
function aliasesOf(inputs: readonly Value[], outputs: readonly Value[], draw: Draw): (number | undefined)[] {
  const taken = new Set<number>();
  return inputs.map(({ type }) => {
    const fitting = outputs.findIndex(
      (output, i) => !taken.has(i) && output.type.dtype === type.dtype && `${output.type.shape}` === `${type.shape}`,
    );
    if (fitting < 0 || draw.below(3) === 0) return undefined;
    taken.add(fitting);
    return fitting;
  });
}
