/**
 * scatter: updates run one after the other, since two may meet; axes in which they cannot meet (batching dimensions,
 * window axes that no index moves) are the items and the vector loop.
 */

import { type DType, dtypes, type Instruction, lowestValue, stridesOf, type ValueId } from '@ceratops/kernel-registry';
import { Affine, combine, sum, zero } from '../affine.js';
import type { Operand } from '../kernel-builder.js';
import type { LoweringContext } from './context.js';
import { emitRegion } from './elementwise.js';
import { insertedAt } from './indexed.js';
import { blocking, openLoops } from './loops.js';
import { seed } from './regions.js';
import { allOf, guarded, type ValueEmitter } from './values.js';

interface UpdateAxis {
  /** Axis of the updates. */
  readonly axis: number;
  readonly size: number;
  /** The operand's axis, for window axes. */
  readonly operandAxis: number | undefined;
  readonly independent: boolean;
}

export function lowerScatter(context: LoweringContext, instruction: Instruction<'scatter'>, first: ValueId): void {
  const { operands, results } = instruction;
  const { types, sizes } = context.fusion.graph;
  const count = results.length;
  results.forEach((_, i) => {
    seed(context, operands[i]!, context.storageOf(first + i));
  });
  const updatesShape = types[operands[count + 1]!]!.shape;
  if (sizes[operands[count + 1]!] === 0) return;
  const axes = updateAxes(instruction, updatesShape);
  const last = axes.at(-1);
  const vector = last?.independent === true && last.operandAxis !== undefined && last.size > 1 ? last : undefined;
  const outer = axes.filter((axis) => axis.independent && axis !== vector && axis.size > 1);
  const serial = axes.filter((axis) => !axis.independent);
  const inner = serial.reduce((size, axis) => size * axis.size, vector?.size ?? 1);
  const extents = outer.map(({ size }) => size);
  const blocks = blocking(extents, 4 * inner, context.target.itemCost);
  context.kernel('scatter', -1, (emitter) => {
    openLoops(emitter.builder, extents, blocks, false, (coordinates) => {
      const at = updatesShape.map(() => zero);
      outer.forEach(({ axis }, i) => {
        at[axis] = coordinates[i]!;
      });
      serialLoops(emitter, serial, at, () => writeUpdate(emitter, context, instruction, first, axes, at, vector));
    });
    return { ...blocks, rowElements: undefined };
  });
}

function updateAxes({ attributes, results }: Instruction<'scatter'>, shape: readonly number[]): UpdateAxis[] {
  const { inputBatchingDims, insertedWindowDims, scatterDimsToOperandDims, scatterIndicesBatchingDims } = attributes;
  const rank = results[0]!.shape.length;
  const windowAxes = Array.from({ length: rank }, (_, axis) => axis).filter(
    (axis) => !insertedWindowDims.includes(axis) && !inputBatchingDims.includes(axis),
  );
  let batch = 0;
  let window = 0;
  return shape.map((size, axis) => {
    if (attributes.updateWindowDims.includes(axis)) {
      const operandAxis = windowAxes[window++]!;
      return { axis, size, operandAxis, independent: !scatterDimsToOperandDims.includes(operandAxis) };
    }
    const indicesAxis = batch < attributes.indexVectorDim ? batch : batch + 1;
    batch++;
    const independent = scatterIndicesBatchingDims.includes(indicesAxis);
    return { axis, size, operandAxis: undefined, independent };
  });
}

function serialLoops(emitter: ValueEmitter, axes: readonly UpdateAxis[], at: Affine[], body: () => void): void {
  const [axis, ...rest] = axes;
  if (axis === undefined) {
    body();
    return;
  }
  emitter.builder.loop(axis.size, false, (coordinate) => {
    at[axis.axis] = coordinate;
    serialLoops(emitter, rest, at, body);
  });
}

function writeUpdate(
  emitter: ValueEmitter,
  context: LoweringContext,
  { operands, attributes, results }: Instruction<'scatter'>,
  first: ValueId,
  axes: readonly UpdateAxis[],
  at: Affine[],
  vector: UpdateAxis | undefined,
): void {
  const { builder } = emitter;
  const { shape } = results[0]!;
  const count = results.length;
  const updates = operands.slice(count + 1);
  const updatesShape = emitter.shapeOf(updates[0]!);
  const starts = startPositions(emitter, operands[count]!, attributes, axes, at, shape);
  const conditions: (Operand | undefined)[] = [];
  const positions = shape.map((size, axis) => {
    const window = axes.find(({ operandAxis }) => operandAxis === axis);
    if (window !== undefined && window === vector) return zero;
    const offset = window === undefined ? zero : at[window.axis]!;
    const part = guarded(builder, sum(starts[axis]!, offset), size);
    conditions.push(part.inside);
    return part.position;
  });
  const write = (): void => {
    builder.loop(vector?.size ?? 1, true, (coordinate) => {
      const strides = stridesOf(shape);
      if (vector !== undefined) at[vector.axis] = coordinate;
      const moved = vector === undefined ? zero : combine(0, [coordinate], [strides[vector.operandAxis!]!]);
      const target = sum(combine(0, positions, strides), moved);
      const source = combine(0, at, stridesOf(updatesShape));
      const values = updates.map((value) => emitter.value(value, source));
      const current = results.map(({ dtype }, i) =>
        builder.loadNow(context.storageOf(first + i), dtype, emitter.sizeOf(first + i), target),
      );
      const next = emitRegion(builder, attributes.body, [...current, ...values]);
      next.forEach((value, i) => {
        emitter.store(first + i, target, value);
      });
    });
  };
  const inside = allOf(builder, conditions);
  if (inside === undefined) write();
  else builder.when(inside, write);
}

/** Where the window of one update starts, per axis of the operand; may lie outside. */
function startPositions(
  emitter: ValueEmitter,
  indices: ValueId,
  attributes: Instruction<'scatter'>['attributes'],
  axes: readonly UpdateAxis[],
  at: readonly Affine[],
  shape: readonly number[],
): Affine[] {
  const batch = axes.filter(({ operandAxis }) => operandAxis === undefined).map(({ axis }) => at[axis]!);
  const indicesShape = emitter.shapeOf(indices);
  const starts = shape.map(() => zero);
  attributes.scatterDimsToOperandDims.forEach((axis, component) => {
    const place = insertedAt(batch, attributes.indexVectorDim, Affine.constant(component), indicesShape.length);
    const start = emitter.value(indices, combine(0, place, stridesOf(indicesShape)));
    const window = axes.find(({ operandAxis }) => operandAxis === axis)?.size ?? 1;
    starts[axis] = boundedIndex(emitter, start, window, shape[axis]!);
  });
  attributes.inputBatchingDims.forEach((axis, i) => {
    const place = attributes.scatterIndicesBatchingDims[i]!;
    starts[axis] = batch[place < attributes.indexVectorDim ? place : place - 1]!;
  });
  return starts;
}

/** The index as it is where any of its window may be inside, else some place outside: in [-window, size]. */
function boundedIndex({ builder }: ValueEmitter, start: Operand, window: number, size: number): Affine {
  const type = start.expression.type as DType;
  const { kind, bits } = dtypes[type];
  const literal = (value: number): Operand => builder.constant(type, bits === 64 ? BigInt(value) : value);
  const highest = 2 ** (kind === 'uint' ? bits : bits - 1) - 1;
  const capped = builder.binary('minimum', type, start, literal(Math.min(size, highest)));
  if (kind === 'uint') return builder.variable(builder.convert('index', capped), size + 1);
  const low = Math.max(-window, Number(lowestValue(type)));
  const bounded = builder.convert('index', builder.binary('maximum', type, capped, literal(low)));
  const shifted = builder.binary('add', 'index', bounded, builder.index(window));
  return builder.variable(shifted, size + window + 1).plus(-window);
}
