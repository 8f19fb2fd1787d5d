/** reduce_window: windows as reduced loops, padding as a guard that is constant along the innermost pass-through axis. */

import { type Instruction, sizeOf, stridesOf, type ValueId } from '@ceratops/kernel-registry';
import { combine, zero } from '../affine.js';
import type { LoweringContext } from './context.js';
import { loopSizes, withUnitAxes } from './dimensions.js';
import { emitRegion } from './elementwise.js';
import { linear } from './loops.js';
import { foldStates } from './reduce.js';
import { lowerReduction } from './reduction.js';
import { allOf, undilated } from './values.js';

export function lowerReduceWindow(
  context: LoweringContext,
  instruction: Instruction<'reduce_window'>,
  first: ValueId,
): void {
  const { operands, attributes, results } = instruction;
  const { windowDimensions, windowStrides, windowDilations, baseDilations, padding, body } = attributes;
  const count = results.length;
  const elements = operands.slice(0, count);
  const initials = operands.slice(count);
  const { graph } = context.fusion;
  const { shape } = graph.types[elements[0]!]!;
  const kept = loopSizes(results[0]!.shape);
  if (sizeOf(results[0]!.shape) === 0) return;
  lowerReduction(context, {
    name: 'reduce_window',
    group: -1,
    kept,
    reduced: loopSizes(windowDimensions),
    vector: kept.length > 0 ? 'kept' : 'reduced',
    cost: 1,
    empty: graph.sizes[elements[0]!] === 0,
    states: foldStates(instruction),
    initial: (emitter) => initials.map((value) => emitter.value(value, zero)),
    element: (emitter, keptAt, reducedAt) => {
      const { builder } = emitter;
      const outer = withUnitAxes(results[0]!.shape, keptAt);
      const inner = withUnitAxes(windowDimensions, reducedAt);
      const parts = shape.map((size, axis) => {
        const scales = [windowStrides[axis]!, windowDilations[axis]!];
        const position = combine(-padding[axis]![0], [outer[axis]!, inner[axis]!], scales);
        return undilated(builder, position, baseDilations[axis]!, size);
      });
      const inside = allOf(
        builder,
        parts.map((part) => part.inside),
      );
      const at = combine(
        0,
        parts.map(({ position }) => position),
        stridesOf(shape),
      );
      return elements.map((value, i) => {
        const operand = emitter.load(value, at);
        return inside === undefined ? operand : builder.select(inside, operand, emitter.value(initials[i]!, zero));
      });
    },
    fold: (emitter, accumulators, values) => emitRegion(emitter.builder, body, [...accumulators, ...values]),
    finish: (emitter, keptAt, operands) => {
      const index = linear(keptAt, kept);
      operands.forEach((operand, i) => {
        emitter.store(first + i, index, operand);
      });
    },
  });
}
