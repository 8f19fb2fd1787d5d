/** Random programs over the whole opset that the CPU runs, and data for them, from a seed. */

import {
  type DType,
  dtypes,
  encodeBfloat16,
  encodeFloat16,
  type HostArray,
  type Program,
  ProgramBuilder,
  removeDeadCode,
  sameType,
  sizeOf,
  type TensorType,
  tensorType,
  type Value,
} from '@ceratops/kernel-registry';
import { type Draw, drawFrom } from './draw.js';
import { contractionGrowths } from './growth/contraction.js';
import { compositeGrowths, controlGrowths } from './growth/control.js';
import { elementwiseGrowths } from './growth/elementwise.js';
import { indexingGrowths } from './growth/indexing.js';
import { movementGrowths } from './growth/movement.js';
import { type Growth, isFloat, randomDType, randomShape, recent, type Scope, tamed } from './growth/scope.js';

export interface Case {
  readonly program: Program;
  /** One per input; the same array twice stands for one buffer that is given twice. */
  readonly inputs: readonly HostArray[];
}

/** Families, as often as each is drawn. */
const families: readonly (readonly Growth[])[] = [
  elementwiseGrowths,
  elementwiseGrowths,
  elementwiseGrowths,
  movementGrowths,
  movementGrowths,
  contractionGrowths,
  contractionGrowths,
  indexingGrowths,
  compositeGrowths,
  controlGrowths(grow),
];

/** Regions of regions of regions are as good as regions. */
const deepest = 2;

/** Adds what `steps` growths give to the pool. */
function grow(scope: Scope, start: readonly Value[], steps: number): Value[] {
  const { draw } = scope;
  const pool = [...start];
  const inner: Scope = { ...scope, pool };
  const usable = scope.depth < deepest ? families : families.slice(0, -1);
  for (let i = 0; i < steps && pool.length > 0; i++) {
    const value = recent(inner)!;
    for (const grown of draw.pick(draw.pick(usable))(inner, value)) {
      if (sizeOf(grown.type.shape) > scope.largest) continue;
      pool.push(isFloat(grown) && draw.once(4) ? tamed(inner, grown) : grown);
    }
  }
  return pool;
}

export function randomCase(seed: number): Case {
  const draw = drawFrom(seed);
  const builder = new ProgramBuilder();
  const largest = draw.once(16) ? 6000 : 500;
  const types = [
    tensorType('int32', []),
    ...Array.from({ length: draw.between(1, 4) }, () => tensorType(randomDType(draw), randomShape(draw, largest))),
  ];
  // Two of one type, so that one buffer may be both, and be taken over.
  types.push(types.at(-1)!);
  const inputs = types.map((type) => builder.input(type));
  const pool = grow({ emitter: builder, draw, pool: inputs, depth: 0, largest }, inputs, draw.between(3, 20));
  const outputs = [pool.at(-1)!, ...pool.slice(draw.once(8) ? 0 : inputs.length).filter(() => draw.once(4))];
  if (draw.once(10)) outputs.push(outputs[0]!);
  const program = removeDeadCode(builder.build(outputs, `random ${seed}`, aliasesOf(inputs, outputs, draw)));
  return { program, inputs: randomInputs(types, draw) };
}

/** Some inputs are taken over by an output of their type. */
function aliasesOf(inputs: readonly Value[], outputs: readonly Value[], draw: Draw): (number | undefined)[] {
  const taken = new Set<number>();
  return inputs.map(({ type }) => {
    const fitting = outputs.findIndex((output, i) => !taken.has(i) && sameType(output.type, type));
    if (fitting < 0 || draw.once(3)) return undefined;
    taken.add(fitting);
    return fitting;
  });
}

export function randomInputs(types: readonly TensorType[], draw: Draw): HostArray[] {
  const isSpecial = draw.once(16);
  const data = types.map((type) => randomArray(type, draw, isSpecial));
  const last = data.length - 1;
  if (draw.once(3) && sameType(types[last]!, types[last - 1]!)) data[last] = data[last - 1]!;
  return data;
}

const specials = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 1e-40, 3e38, 65504, -1e-7];

function randomArray({ dtype, shape }: TensorType, draw: Draw, isSpecial: boolean): HostArray {
  const { host, kind, bits } = dtypes[dtype];
  const data = new host(sizeOf(shape));
  // Floats that are integers stay exact for long, and decide comparisons for sure.
  const isIntegral = draw.once(2);
  for (let i = 0; i < data.length; i++) {
    if (kind === 'bool') data[i] = draw.below(2);
    else if (kind === 'float') {
      const plain = isIntegral ? draw.between(-4, 4) : (draw.unit() - 0.5) * 6;
      data[i] = encoded(dtype, isSpecial && draw.once(6) ? draw.pick(specials) : plain);
    } else {
      const wild = isSpecial && draw.once(4) ? 2 ** draw.below(bits) : draw.below(shape.length === 0 ? 4 : 10);
      const signed = kind === 'int' && draw.once(2) ? -wild : wild;
      data[i] = bits === 64 ? (BigInt(signed) as never) : signed;
    }
  }
  return data;
}

function encoded(dtype: DType, x: number): number {
  if (dtype === 'float16') return encodeFloat16(x);
  return dtype === 'bfloat16' ? encodeBfloat16(x) : x;
}
