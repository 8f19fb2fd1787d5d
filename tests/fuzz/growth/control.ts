/** Loops, branches and composites, with regions that are random programs themselves. */

import {
  buildProgram,
  inline,
  type Program,
  ProgramBuilder,
  type TensorType,
  tensorType,
  type Value,
} from '@ceratops/kernel-registry';
import * as composites from '@ceratops/kernel-registry/composites';
import * as emit from '@ceratops/kernel-registry/emit';
import { axesOf, type Growth, isFloat, type Scope, scalarIndex, tamed, valueOfType } from './scope.js';

const counter = tensorType('int32', []);

/** Grows a region; handed in, since its growths may have regions again. */
export type GrowInto = (scope: Scope, pool: readonly Value[], steps: number) => Value[];

function regionOf(
  scope: Scope,
  grow: GrowInto,
  inputs: readonly TensorType[],
  outputs: readonly TensorType[],
  steps = scope.draw.between(1, 5),
): Program {
  const emitter = new ProgramBuilder();
  const start = inputs.map((type) => emitter.input(type));
  const inner: Scope = {
    ...scope,
    emitter,
    pool: start,
    depth: scope.depth + 1,
    largest: Math.min(scope.largest, 200),
  };
  const pool = grow(inner, start, steps);
  const results = outputs.map((type) => valueOfType({ ...inner, pool }, type));
  return emitter.build(
    // Loops would leave the range of floats.
    results.map((result) => tamed(inner, result)),
    'region',
  );
}

/** Values that a region may take over as operands, small ones. */
function some(scope: Scope, value: Value, most = 3): Value[] {
  const small = scope.pool.filter(({ type }) => type.shape.reduce((a, b) => a * b, 1) <= 200);
  const others = Array.from({ length: scope.draw.below(most) }, () => scope.draw.pick(small)).filter(Boolean);
  return [value, ...others];
}

function typesOf(values: readonly Value[]): TensorType[] {
  return values.map(({ type }) => type);
}

function loops(grow: GrowInto): Growth {
  return (scope, value) => {
    const { emitter: e, draw } = scope;
    const carried = some(scope, value);
    const types = typesOf(carried);
    const limit = emit.minimum(e, scalarIndex(scope, 2), emit.fill(e, counter, 4));
    const initial = [emit.fill(e, counter, 0), limit, ...carried];
    const body = regionOf(scope, grow, [counter, ...types], types);
    const all = [counter, counter, ...types];
    const condition = buildProgram(all, (inner, i, end) => [emit.compare(inner, i!, end!, 'LT')]);
    const step = buildProgram(all, (inner, i, end, ...rest) => [
      emit.add(inner, i!, emit.fill(inner, counter, 1)),
      end!,
      ...inline(inner, body, [i!, ...rest]),
    ]);
    if (draw.once(3)) {
      const attributes = { condition, body: step, maximum: draw.between(0, 5) };
      return emit.composite(e, composites.boundedWhile, initial, attributes);
    }
    return emit.whileLoop(e, initial, condition, step);
  };
}

function branches(grow: GrowInto): Growth {
  return (scope, value) => {
    const { draw } = scope;
    const operands = some(scope, value);
    const results = typesOf(operands).slice(0, draw.between(1, operands.length));
    const bodies = Array.from({ length: draw.between(1, 4) }, () => regionOf(scope, grow, typesOf(operands), results));
    return emit.caseOf(scope.emitter, scalarIndex(scope, bodies.length - 1), operands, bodies);
  };
}

function scans(grow: GrowInto): Growth {
  return (scope, value) => {
    const { draw } = scope;
    const [carry, ...constants] = some(scope, value);
    const length = draw.pick([0, 1, 2, 3, 5]);
    const elements = Array.from({ length: draw.below(3) }, () =>
      valueOfType(scope, tensorType(draw.pick(['float32', 'int32']), [length, ...draw.pick([[], [2], [3]])])),
    );
    const slices = elements.map(({ type }) => tensorType(type.dtype, type.shape.slice(1)));
    const stacked = [carry!.type, ...slices].slice(0, draw.below(3));
    const body = regionOf(scope, grow, [...typesOf([...constants, carry!]), ...slices], [carry!.type, ...stacked]);
    const operands = { constants, carries: [carry!], elements };
    const results = composites.emitScan(scope.emitter, operands, { body, length, reverse: draw.once(2) });
    return [...results.carries, ...results.stacks];
  };
}

function checkpoints(grow: GrowInto): Growth {
  return (scope, value) => {
    const operands = some(scope, value);
    const body = regionOf(scope, grow, typesOf(operands), [value.type]);
    return emit.composite(scope.emitter, composites.checkpoint, operands, { body });
  };
}

const functions: Growth = (scope, value) => {
  const { emitter: e, draw } = scope;
  if (!isFloat(value)) return [];
  const { logistic, relu, erf, rsqrt, softmax, logSoftmax } = composites;
  if (axesOf(value).length > 0 && draw.once(2)) {
    const axis = draw.pick(axesOf(value));
    // Of nothing there is no largest.
    if (value.type.shape[axis] === 0) return [];
    return emit.composite(e, draw.pick([softmax, logSoftmax]), [tamed(scope, value)], { axis });
  }
  return emit.composite(e, draw.pick([logistic, relu, erf, rsqrt]), [tamed(scope, value)]);
};

const randomBits: Growth = (scope, value) => {
  const key = valueOfType(scope, tensorType('uint32', [2]));
  const words = (): Value => valueOfType(scope, tensorType('uint32', value.type.shape));
  return emit.composite(scope.emitter, composites.threefry2x32, [key, words(), words()]);
};

const attentions: Growth = (scope, value) => {
  const { draw } = scope;
  if (value.type.dtype !== 'float32') return [];
  const [batch, queries, keys, groups, depth] = [
    draw.between(1, 2),
    draw.between(1, 6),
    draw.between(1, 6),
    draw.between(1, 2),
    draw.between(1, 8),
  ];
  const heads = groups * draw.between(1, 2);
  const of = (shape: readonly number[]): Value => tamed(scope, valueOfType(scope, tensorType('float32', shape)));
  const operands = [of([batch, queries, heads, depth]), of([batch, keys, groups, depth]), of([batch, keys, groups, 3])];
  if (draw.once(2)) operands.push(valueOfType(scope, tensorType('bool', [batch, 1, queries, keys])));
  return emit.composite(scope.emitter, composites.attention, operands, { scale: 0.5, causal: draw.once(2) });
};

/** Growths without regions. */
export const compositeGrowths: readonly Growth[] = [functions, randomBits, attentions];

export function controlGrowths(grow: GrowInto): readonly Growth[] {
  return [loops(grow), branches(grow), scans(grow), checkpoints(grow)];
}
