/** Sums of products, reductions, windows, sorting. */

import {
  buildProgram,
  comparatorRegion,
  type DType,
  identityOf,
  type Program,
  type ReducerOp,
  scalarRegion,
  sizeOf,
  type TensorType,
  tensorType,
  type Value,
  windowedSize,
} from '@ceratops/kernel-registry';
import * as emit from '@ceratops/kernel-registry/emit';
import {
  axesOf,
  fitted,
  type Growth,
  isFloat,
  kindOf,
  partnerOf,
  randomSize,
  type Scope,
  tamed,
  valueOfType,
} from './scope.js';

/** Products of integers may add up in a wider type. */
function resultDType({ draw }: Scope, dtype: DType): DType {
  const wider: { readonly [D in DType]?: DType } = {
    int8: 'int32',
    int16: 'int32',
    uint8: 'int32',
    float16: 'float32',
    bfloat16: 'float32',
    bool: 'int32',
  };
  return draw.once(3) ? (wider[dtype] ?? dtype) : dtype;
}

const dots: Growth = (scope, value) => {
  const { draw, largest } = scope;
  const { dtype, shape } = value.type;
  const roles = shape.map(() => draw.pick(['batch', 'free', 'contract', 'contract', 'free'] as const));
  const of = (role: string): number[] => draw.shuffled(axesOf(value).filter((axis) => roles[axis] === role));
  const [batching, contracting] = [of('batch'), of('contract')];
  const free = Array.from({ length: draw.below(3) }, () => randomSize(draw));
  const sizes = [...batching, ...contracting].map((axis) => shape[axis]!);
  // Dimensions of the other side in any order: position i of `order` holds dimension order[i] of (batch, contract, free).
  const all = [...sizes, ...free];
  const order = draw.shuffled(all.map((_, i) => i));
  const rhs = valueOfType(scope, { dtype, shape: order.map((i) => all[i]!) });
  const outer = roles.reduce((product, role, axis) => (role === 'contract' ? product : product * shape[axis]!), 1);
  const inner = contracting.reduce((product, axis) => product * shape[axis]!, 1);
  if (outer * sizeOf(free) > largest || outer * sizeOf(free) * inner > 64 * largest) return [];
  return [
    emit.dotGeneral(scope.emitter, tamed(scope, value), rhs, {
      lhsBatchingDimensions: batching,
      lhsContractingDimensions: contracting,
      rhsBatchingDimensions: batching.map((_, i) => order.indexOf(i)),
      rhsContractingDimensions: contracting.map((_, i) => order.indexOf(batching.length + i)),
      dtype: resultDType(scope, dtype),
    }),
  ];
};

/** As large as a matrix product with edges of its tiles. */
const matrixProducts: Growth = (scope, value) => {
  const { draw } = scope;
  const [rows, inner, columns] = [draw.between(1, 40), draw.between(1, 70), draw.between(1, 40)];
  const { dtype } = value.type;
  const side = (a: number, b: number): Value => {
    const turned = draw.once(3);
    const matrix = fitted(scope, turned ? partnerOf(scope, value) : value, turned ? [b, a] : [a, b]);
    return turned ? emit.transpose(scope.emitter, matrix, [1, 0]) : matrix;
  };
  const product = emit.dotGeneral(scope.emitter, tamed(scope, side(rows, inner)), side(inner, columns), {
    lhsContractingDimensions: [1],
    rhsContractingDimensions: [0],
    dtype,
  });
  return rows * columns > scope.largest ? [] : [product];
};

const convolutions: Growth = (scope, value) => {
  const { draw } = scope;
  const { dtype } = value.type;
  const rank = draw.pick([0, 1, 1, 2, 2, 2, 3]);
  const spatial = Array.from({ length: rank }, () => draw.between(1, rank === 3 ? 4 : 9));
  const window = spatial.map(() => draw.between(1, 4));
  const [featureGroupCount, batchGroupCount] = draw.pick([
    [1, 1],
    [1, 1],
    [draw.between(1, 4), 1],
    [1, draw.between(1, 3)],
  ] as const);
  const wide = draw.once(4);
  const channels = (most: number): number => (wide ? draw.pick([8, 16, 17]) : draw.between(1, most));
  const perGroup = draw.once(3) ? 1 : channels(4);
  const input = [draw.between(1, 2) * batchGroupCount, perGroup * featureGroupCount, ...spatial];
  const kernel = [perGroup, featureGroupCount * batchGroupCount * (draw.once(3) ? 1 : channels(3)), ...window];
  const places = (): number[] => draw.shuffled(input.map((_, i) => i));
  const [ofInput, ofKernel, ofOutput] = [places(), places(), places()] as [number[], number[], number[]];
  // `places[i]` is where dimension i of (batch or input, feature or output, spatial…) lies.
  const laidOut = (sizes: readonly number[], at: readonly number[]): number[] =>
    sizes.map((_, axis) => sizes[at.indexOf(axis)]!);
  const attributes = {
    windowStrides: spatial.map(() => (draw.once(3) ? 2 : 1)),
    padding: window.map((size) => [draw.between(-1, size), draw.between(-1, size)] as const),
    lhsDilation: spatial.map(() => (draw.once(5) ? 2 : 1)),
    rhsDilation: spatial.map(() => (draw.once(5) ? 2 : 1)),
    windowReversal: spatial.map(() => draw.once(5)),
    inputBatchDimension: ofInput[0]!,
    inputFeatureDimension: ofInput[1]!,
    inputSpatialDimensions: ofInput.slice(2),
    kernelInputFeatureDimension: ofKernel[0]!,
    kernelOutputFeatureDimension: ofKernel[1]!,
    kernelSpatialDimensions: ofKernel.slice(2),
    outputBatchDimension: ofOutput[0]!,
    outputFeatureDimension: ofOutput[1]!,
    outputSpatialDimensions: ofOutput.slice(2),
    featureGroupCount,
    batchGroupCount,
    precision: 'default' as const,
    dtype: resultDType(scope, dtype),
  };
  const lhs = fitted(scope, tamed(scope, value), laidOut(input, ofInput));
  const rhs = valueOfType(scope, { dtype, shape: laidOut(kernel, ofKernel) });
  return [emit.convolution(scope.emitter, lhs, rhs, attributes)];
};

function reducers(value: Value): ReducerOp[] {
  const ops: ReducerOp[] = ['add', 'add', 'maximum', 'minimum', 'multiply'];
  return isFloat(value) ? ops : [...ops, 'and', 'or', 'xor'];
}

function scalarOf(scope: Scope, { dtype }: TensorType, op: ReducerOp): Value {
  const type = tensorType(dtype, []);
  return scope.draw.once(4) ? valueOfType(scope, type) : emit.fill(scope.emitter, type, identityOf(op, dtype));
}

const reductions: Growth = (scope, value) => {
  const { emitter: e, draw } = scope;
  const op = draw.pick(reducers(value));
  const dimensions = axesOf(value).filter(() => draw.once(2));
  return emit.reduce(e, [value], [scalarOf(scope, value.type, op)], dimensions, scalarRegion(value.type.dtype, op));
};

/** The larger key and, of equal ones, the smaller index: argmax. */
function largerPair(dtype: DType): Program {
  const [key, index] = [tensorType(dtype, []), tensorType('int32', [])];
  return buildProgram([key, index, key, index], (e, a, i, b, j) => {
    const first = emit.or(
      e,
      emit.compare(e, a!, b!, 'GT'),
      emit.and(e, emit.compare(e, a!, b!, 'EQ'), emit.compare(e, i!, j!, 'LT')),
    );
    return [emit.select(e, first, a!, b!), emit.select(e, first, i!, j!)];
  });
}

const argumentReductions: Growth = (scope, value) => {
  const { emitter: e, draw } = scope;
  const { dtype, shape } = value.type;
  if (shape.length === 0) return [];
  const axis = draw.pick(axesOf(value));
  const places = emit.iota(e, tensorType('int32', shape), axis);
  const initial = [
    emit.fill(e, tensorType(dtype, []), identityOf('maximum', dtype)),
    emit.fill(e, tensorType('int32', []), 2 ** 31 - 1),
  ];
  return emit.reduce(e, [value, places], initial, [axis], largerPair(dtype));
};

interface Windows {
  readonly windowDimensions: readonly number[];
  readonly windowStrides: readonly number[];
  readonly padding: readonly (readonly [number, number])[];
}

function randomWindows({ draw }: Scope, value: Value): Windows {
  const sizes = value.type.shape.map((size) => (draw.once(2) ? 1 : draw.between(1, Math.max(1, Math.min(size, 3)))));
  return {
    windowDimensions: sizes,
    windowStrides: sizes.map(() => (draw.once(2) ? 1 : 2)),
    padding: sizes.map((size) => [draw.below(size), draw.below(size)] as const),
  };
}

const windows: Growth = (scope, value) => {
  const { emitter: e, draw } = scope;
  const op = draw.pick(reducers(value));
  const dilation = (): number[] => axesOf(value).map(() => (draw.once(6) ? 2 : 1));
  return emit.reduceWindow(e, [value], [scalarOf(scope, value.type, op)], {
    ...randomWindows(scope, value),
    baseDilations: dilation(),
    windowDilations: dilation(),
    body: scalarRegion(value.type.dtype, op),
  });
};

const selectAndScatters: Growth = (scope, value) => {
  const { emitter: e, draw } = scope;
  const { dtype, shape } = value.type;
  if (kindOf(value) === 'bool') return [];
  const attributes = randomWindows(scope, value);
  const sourceShape = shape.map((size, axis) =>
    windowedSize({
      size,
      window: attributes.windowDimensions[axis]!,
      stride: attributes.windowStrides[axis]!,
      padding: attributes.padding[axis]!,
      baseDilation: 1,
      windowDilation: 1,
    }),
  );
  return [
    emit.selectAndScatter(
      e,
      value,
      valueOfType(scope, { dtype, shape: sourceShape }),
      emit.fill(e, tensorType(dtype, []), 0),
      {
        ...attributes,
        select: comparatorRegion([dtype], draw.pick(['GE', 'GE', 'GT', 'LE'])),
        scatter: scalarRegion(dtype, 'add'),
      },
    ),
  ];
};

const sorts: Growth = (scope, value) => {
  const { emitter: e, draw } = scope;
  const { dtype, shape } = value.type;
  if (shape.length === 0) return [];
  const dimension = draw.pick(axesOf(value));
  const more: Value[] = [];
  if (draw.once(2)) more.push(emit.iota(e, tensorType('int32', shape), dimension));
  if (draw.once(3)) more.push(valueOfType(scope, { dtype: 'float32', shape }));
  const operands = [value, ...more];
  const comparator = comparatorRegion(
    operands.map(({ type }) => type.dtype),
    draw.pick(['LT', 'GT']),
  );
  return dtype === 'bool' ? [] : emit.sort(e, operands, dimension, comparator);
};

export const contractionGrowths: readonly Growth[] = [
  dots,
  dots,
  dots,
  matrixProducts,
  convolutions,
  convolutions,
  reductions,
  reductions,
  reductions,
  argumentReductions,
  windows,
  selectAndScatters,
  sorts,
];
