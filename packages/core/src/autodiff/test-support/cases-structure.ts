import { buildProgram, tensorType } from '@ceratops/kernel-registry';
import * as emit from '@ceratops/kernel-registry/emit';
import { floats, func, type GradientCase, integers, op } from './case.js';

const scalars = [tensorType('float64', [3]), tensorType('float64', [3])];
const branches = [
  buildProgram(scalars, (e, x, y) => [emit.multiply(e, emit.sine(e, x!), y!), x!]),
  buildProgram(scalars, (e, x) => [emit.exponential(e, x!), emit.constantLike(e, x!, 2)]),
  buildProgram(scalars, (_e, x, y) => [y!, x!]),
];

const decomposition = buildProgram(scalars, (e, x, y) => [
  emit.multiply(e, emit.tanh(e, x!), y!),
  emit.compare(e, x!, y!, 'LT'),
]);

export const structureCases: readonly GradientCase[] = [
  ...[0, 1, 2, 7].map((index) =>
    op('case', [integers([], [index]), floats([3]), floats([3], -2, 2, 2)], { branches }, `branch ${index}`),
  ),
  op('optimization_barrier', [floats([3]), floats([2], -2, 2, 2)], {}),
  op('composite', [floats([3]), floats([3], -2, 2, 2)], { name: 'test.unregistered@1', attributes: {}, decomposition }),
  func('a loop beside the path of the gradient', [floats([3])], (e, x) => {
    const carry = [tensorType('int32', [])];
    const condition = buildProgram(carry, (inner, i) => [
      emit.compare(inner, i!, emit.constantLike(inner, i!, 4), 'LT'),
    ]);
    const body = buildProgram(carry, (inner, i) => [emit.add(inner, i!, emit.constantLike(inner, i!, 1))]);
    const [count] = emit.whileLoop(e, [emit.fill(e, carry[0]!, 0)], condition, body);
    return [emit.multiply(e, x, emit.broadcastTo(e, emit.convert(e, count!, 'float64'), [3]))];
  }),
];
