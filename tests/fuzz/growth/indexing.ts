/** gather and scatter with every kind of dimension. */

import {
  type DType,
  dtypes,
  type ReducerOp,
  type Shape,
  scalarRegion,
  sizeOf,
  type Value,
} from '@ceratops/kernel-registry';
import * as emit from '@ceratops/kernel-registry/emit';
import { assignRegion } from '@ceratops/kernel-registry/regions';
import { type Growth, isFloat, kindOf, type Scope, scalarIndex, valueOfType } from './scope.js';

/** How index vectors address dimensions of an operand. */
interface Addressing {
  readonly indices: Value;
  readonly indexVectorDim: number;
  /** The dimensions of the indices but for that of the vectors. */
  readonly batch: Shape;
  /** Dimensions of the operand that are indexed, in the order of a vector's components. */
  readonly map: readonly number[];
  readonly operandBatching: readonly number[];
  readonly indicesBatching: readonly number[];
  /** Operand dimensions without a place in the window. */
  readonly dropped: readonly number[];
}

function address(scope: Scope, shape: Shape): Addressing {
  const { draw } = scope;
  const axes = shape.map((_, axis) => axis);
  const operandBatching = axes.filter((axis) => shape[axis]! > 0 && draw.once(6));
  const others = axes.filter((axis) => !operandBatching.includes(axis));
  const map = draw.shuffled(others.filter(() => !draw.once(3)));
  const dropped = others.filter((axis) => shape[axis]! > 0 && draw.once(2));
  const extra = Array.from({ length: draw.below(3) }, () => draw.pick([1, 2, 3, 5]));
  // Where each batching dimension lies among the indices', in any order.
  const places = draw.shuffled([...operandBatching, ...extra.map(() => -1)]);
  let next = 0;
  const batch = places.map((axis) => (axis < 0 ? extra[next++]! : shape[axis]!));
  const implicit = map.length === 1 && draw.once(3);
  const indexVectorDim = implicit ? batch.length : draw.below(batch.length + 1);
  const indicesShape = implicit
    ? batch
    : [...batch.slice(0, indexVectorDim), map.length, ...batch.slice(indexVectorDim)];
  const indicesBatching = operandBatching.map((axis) => {
    const place = places.indexOf(axis);
    return implicit || place < indexVectorDim ? place : place + 1;
  });
  const indices = randomIndices(scope, indicesShape, Math.max(1, ...map.map((axis) => shape[axis]!)));
  return { indices, indexVectorDim, batch, map, operandBatching, indicesBatching, dropped };
}

/** Random integers in and about [0, size). */
function randomIndices(scope: Scope, shape: Shape, size: number): Value {
  const { emitter: e, draw } = scope;
  const dtype = draw.pick<DType>(['int32', 'int32', 'int32', 'int64', 'uint8', 'int16', 'uint32']);
  const { host, bits, kind } = dtypes[dtype];
  const data = new host(sizeOf(shape));
  for (let i = 0; i < data.length; i++) {
    const at = draw.once(8) ? draw.between(kind === 'uint' ? 0 : -2, size + 1) : draw.below(size);
    data[i] = bits === 64 ? (BigInt(at) as never) : at;
  }
  const known = emit.constant(e, { type: { dtype, shape }, data });
  if (draw.once(2)) return known;
  return emit.add(e, known, emit.broadcastInDim(e, scalarIndex(scope, 0, dtype), shape, []));
}

/** Where `count` window dimensions lie among `total`, ascending. */
function windowPlaces({ draw }: Scope, count: number, total: number): number[] {
  const all = Array.from({ length: total }, (_, axis) => axis);
  return draw
    .shuffled(all)
    .slice(0, count)
    .sort((a, b) => a - b);
}

const gathers: Growth = (scope, value) => {
  const { shape } = value.type;
  const { indices, indexVectorDim, batch, map, operandBatching, indicesBatching, dropped } = address(scope, shape);
  const gone = [...dropped, ...operandBatching];
  const sliceSizes = shape.map((size, axis) => {
    if (gone.includes(axis)) return 1;
    // What no index addresses is taken whole, as a rule.
    return map.includes(axis) && size > 0 ? scope.draw.between(1, size) : size;
  });
  const windowRank = shape.length - gone.length;
  if (batch.length + windowRank > 6) return [];
  return [
    emit.gather(scope.emitter, value, indices, {
      offsetDims: windowPlaces(scope, windowRank, batch.length + windowRank),
      collapsedSliceDims: dropped,
      operandBatchingDims: operandBatching,
      startIndicesBatchingDims: indicesBatching,
      startIndexMap: map,
      indexVectorDim,
      sliceSizes,
      indicesAreSorted: false,
    }),
  ];
};

const scatters: Growth = (scope, value) => {
  const { draw } = scope;
  const { shape, dtype } = value.type;
  const { indices, indexVectorDim, batch, map, operandBatching, indicesBatching, dropped } = address(scope, shape);
  const gone = [...dropped, ...operandBatching];
  const window = shape.filter((_, axis) => !gone.includes(axis)).map((size) => (size > 0 ? draw.between(1, size) : 0));
  const rank = batch.length + window.length;
  if (rank > 6) return [];
  const updateWindowDims = windowPlaces(scope, window.length, rank);
  const [fromWindow, fromBatch] = [[...window], [...batch]];
  const updateShape = Array.from({ length: rank }, (_, axis) =>
    updateWindowDims.includes(axis) ? fromWindow.shift()! : fromBatch.shift()!,
  );
  if (sizeOf(updateShape) > scope.largest) return [];
  const ops: ReducerOp[] = ['add', 'maximum', 'minimum'];
  if (!isFloat(value)) ops.push(kindOf(value) === 'bool' ? 'xor' : 'multiply');
  const body = draw.once(3) ? assignRegion(dtype) : scalarRegion(dtype, draw.pick(ops));
  return emit.scatter(scope.emitter, [value], indices, [valueOfType(scope, { dtype, shape: updateShape })], {
    updateWindowDims,
    insertedWindowDims: dropped,
    inputBatchingDims: operandBatching,
    scatterIndicesBatchingDims: indicesBatching,
    scatterDimsToOperandDims: map,
    indexVectorDim,
    indicesAreSorted: false,
    uniqueIndices: false,
    body,
  });
};

export const indexingGrowths: readonly Growth[] = [gathers, gathers, scatters, scatters];
