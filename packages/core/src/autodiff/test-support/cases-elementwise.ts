import * as emit from '@ceratops/kernel-registry/emit';
import { booleans, distinct, floats, func, type GradientCase, nonZero, op } from './case.js';

const s = [2, 3];
const none = {};

export const elementwiseCases: readonly GradientCase[] = [
  op('abs', [nonZero(s)], none),
  op('negate', [floats(s)], none),
  op('exponential', [floats(s)], none),
  op('exponential_minus_one', [floats(s)], none),
  op('log', [floats(s, 0.5, 3)], none),
  op('log_plus_one', [floats(s, -0.5, 3)], none),
  op('sqrt', [floats(s, 0.5, 3)], none),
  op('sine', [floats(s)], none),
  op('cosine', [floats(s)], none),
  op('tanh', [floats(s)], none),
  op('add', [floats(s), floats(s, -2, 2, 2)], none),
  op('subtract', [floats(s), floats(s, -2, 2, 2)], none),
  op('multiply', [floats(s), floats(s, -2, 2, 2)], none),
  op('divide', [floats(s), nonZero(s, 0.5, 2)], none),
  op('remainder', [floats(s, 3.1, 3.9), floats(s, 1.05, 1.5, 2)], none),
  op('power', [floats(s, 0.5, 2), floats(s, -2, 2, 2)], none),
  op(
    'maximum',
    [distinct(s), distinct(s, 2)].map((x, i) => shifted(x, i * 0.11)),
    none,
  ),
  op(
    'minimum',
    [distinct(s), distinct(s, 2)].map((x, i) => shifted(x, i * 0.11)),
    none,
  ),
  op('atan2', [nonZero(s), nonZero(s, 0.3, 2)], none),
  op('select', [booleans(s, [1, 0, 0, 1, 1, 0]), floats(s), floats(s, -2, 2, 2)], none),
  op('select', [booleans([], [1]), floats(s), floats(s, -2, 2, 2)], none, 'scalar predicate'),
  op('convert', [floats(s)], { dtype: 'float64' }, 'to its own dtype'),
  func('constant-almost-everywhere ops stop the gradient', [nonZero(s)], (e, x) => {
    const steps = emit.add(e, emit.floor(e, x), emit.sign(e, emit.ceil(e, x)));
    return [emit.multiply(e, emit.add(e, steps, emit.roundNearestEven(e, x)), x)];
  }),
  func('one operand used twice', [floats(s)], (e, x) => [emit.multiply(e, emit.sine(e, x), x)]),
  func('an output used by another output', [floats(s)], (e, x) => {
    const y = emit.exponential(e, x);
    return [y, emit.multiply(e, y, x), x];
  }),
];

function shifted(input: GradientCase['inputs'][number], by: number): GradientCase['inputs'][number] {
  return { ...input, data: (input.data as Float64Array).map((x) => x + by) };
}
