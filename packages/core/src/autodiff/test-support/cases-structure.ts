import { buildProgram, type Emitter, tensorType, type Value } from '@ceratops/kernel-registry';
import { emitScan } from '@ceratops/kernel-registry/composites';
import * as emit from '@ceratops/kernel-registry/emit';
import { booleans, floats, func, type GradientCase, integers, op } from './case.js';

const f64 = (...shape: number[]) => tensorType('float64', shape);

function product(e: Emitter, a: Value, b: Value): Value {
  return emit.dotGeneral(e, a, b, {
    lhsBatchingDimensions: [],
    rhsBatchingDimensions: [],
    lhsContractingDimensions: [1],
    rhsContractingDimensions: [0],
    precision: 'default',
  });
}

/**
 * (w, v; h, count; x, keep) → (h', count'; h', y, h'·v): a masked recurrent step with residuals of every kind, and products that
 * can leave the loop on either side.
 */
const recurrentStep = buildProgram(
  [f64(3, 3), f64(3, 3), f64(2, 3), tensorType('int32', []), f64(2, 3), tensorType('bool', [2, 3])],
  (e, w, v, h, count, x, keep) => {
    const inputs = emit.add(e, product(e, x!, v!), emit.multiply(e, x!, x!));
    const next = emit.tanh(e, emit.add(e, product(e, h!, emit.sine(e, w!)), inputs));
    const kept = emit.select(e, keep!, next, h!);
    const one = emit.constantLike(e, count!, 1);
    const mixed = emit.multiply(e, next, emit.exponential(e, h!));
    return [kept, emit.add(e, count!, one), kept, mixed, product(e, kept, v!)];
  },
  'step',
);

function scanned(length: number, reverse: boolean): GradientCase {
  const weights = [floats([3, 3]), floats([3, 3], -1, 1, 4)];
  const inputs = [...weights, floats([2, 3], -1, 1, 2), integers([], [0]), floats([length, 2, 3], -1, 1, 3)];
  const keep = booleans(
    [length, 2, 3],
    Array.from({ length: length * 6 }, (_, i) => (i % 4 === 1 ? 0 : 1)),
  );
  return func(`scan of ${length}${reverse ? ', reversed' : ''}`, [...inputs, keep], (e, w, v, h, count, x, mask) => {
    const operands = { constants: [w!, v!], carries: [h!, count!], elements: [x!, mask!] };
    const { carries, stacks } = emitScan(e, operands, { body: recurrentStep, length, reverse });
    return [carries[0]!, ...stacks];
  });
}

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
  scanned(4, false),
  scanned(3, true),
  scanned(1, false),
  scanned(0, false),
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
