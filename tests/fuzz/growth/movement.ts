/** The same elements elsewhere. */

import { sizeOf, tensorType } from '@ceratops/kernel-registry';
import * as emit from '@ceratops/kernel-registry/emit';
import { axesOf, type Growth, partnerOf, scalarIndex } from './scope.js';

const transposes: Growth = ({ emitter: e, draw }, value) => [emit.transpose(e, value, draw.shuffled(axesOf(value)))];

const reshapes: Growth = ({ emitter: e, draw }, value) => {
  const size = sizeOf(value.type.shape);
  const divisors = Array.from({ length: Math.min(size, 64) }, (_, i) => i + 1).filter((n) => size % n === 0);
  if (divisors.length === 0) return [emit.reshape(e, value, [0, draw.between(1, 3)])];
  const outer = draw.pick(divisors);
  return [emit.reshape(e, value, draw.pick([[outer, size / outer], [size], [1, outer, size / outer]]))];
};

/** New dimensions anywhere; ones stretched. */
const broadcasts: Growth = ({ emitter: e, draw, largest }, value) => {
  const { shape } = value.type;
  if (shape.length > 4) return [];
  const stretched = shape.map((size) => (size === 1 && draw.once(2) ? draw.between(1, 5) : size));
  const at = draw.below(shape.length + 1);
  const wider = [...stretched.slice(0, at), draw.between(1, 4), ...stretched.slice(at)];
  const dimensions = shape.map((_, axis) => (axis < at ? axis : axis + 1));
  return sizeOf(wider) > largest ? [] : [emit.broadcastInDim(e, value, wider, dimensions)];
};

const slices: Growth = ({ emitter: e, draw }, value) => {
  const { shape } = value.type;
  const starts = shape.map((size) => draw.below(Math.max(size, 1)));
  const limits = shape.map((size, axis) => Math.min(size, starts[axis]! + (draw.once(30) ? 0 : 1) + draw.below(size)));
  const strides = shape.map(() => draw.between(1, 3));
  return [emit.slice(e, value, starts, limits, strides)];
};

const reverses: Growth = ({ emitter: e, draw }, value) => [
  emit.reverse(
    e,
    value,
    axesOf(value).filter(() => draw.once(2)),
  ),
];

const pads: Growth = ({ emitter: e, draw }, value) => {
  const { shape, dtype } = value.type;
  const interior = shape.map(() => (draw.once(4) ? draw.between(1, 2) : 0));
  const edge = (axis: number): number => (shape[axis]! > 1 && draw.once(6) ? -1 : draw.below(3));
  const low = axesOf(value).map(edge);
  const high = axesOf(value).map((axis) => (low[axis]! < 0 && shape[axis]! < 3 ? 0 : edge(axis)));
  return [emit.pad(e, value, emit.fill(e, tensorType(dtype, []), draw.below(2)), low, high, interior)];
};

const concatenates: Growth = (scope, value) => {
  if (axesOf(value).length === 0) return [];
  const parts = [value, partnerOf(scope, value), ...(scope.draw.once(3) ? [value] : [])];
  return [emit.concatenate(scope.emitter, parts, scope.draw.pick(axesOf(value)))];
};

const dynamicSlices: Growth = (scope, value) => {
  const { shape } = value.type;
  const starts = shape.map((size) => scalarIndex(scope, size));
  const sizes = shape.map((size) => (size === 0 ? 0 : scope.draw.between(1, size)));
  return [emit.dynamicSlice(scope.emitter, value, starts, sizes)];
};

const dynamicUpdates: Growth = (scope, value) => {
  const { emitter: e, draw } = scope;
  const { shape } = value.type;
  const sizes = shape.map((size) => (size === 0 ? 0 : draw.between(1, size)));
  const update = emit.slice(
    e,
    partnerOf(scope, value),
    shape.map(() => 0),
    sizes,
  );
  const starts = shape.map((size) => scalarIndex(scope, size));
  return [emit.dynamicUpdateSlice(e, value, update, starts)];
};

const barriers: Growth = (scope, value) =>
  scope.draw.once(2) ? emit.optimizationBarrier(scope.emitter, [value, partnerOf(scope, value)]) : [];

export const movementGrowths: readonly Growth[] = [
  transposes,
  transposes,
  reshapes,
  broadcasts,
  slices,
  slices,
  reverses,
  pads,
  concatenates,
  dynamicSlices,
  dynamicUpdates,
  barriers,
];
