/** A scan as a while loop: slices are taken from the elements and written into the stacks in place. */
import { buildProgram, type Emitter, inline, type Value } from '../../builder.js';
import type { CompositeDefinition } from '../../composite.js';
import { fill } from '../../emit/constant.js';
import { whileLoop } from '../../emit/control.js';
import { dynamicSlice, dynamicUpdateSlice } from '../../emit/dynamic-slice.js';
import { add, compare, subtract } from '../../emit/elementwise.js';
import { reshape } from '../../emit/movement.js';
import { outputTypes } from '../../program.js';
import { type TensorType, tensorType } from '../../tensor-type.js';
import { type ScanAttributes, scanAttributes, stackType } from './attributes.js';

const counter: TensorType = tensorType('int32', []);

export const decomposeScan: CompositeDefinition['decompose'] = (emitter, operands, attributes) => {
  const scan = scanAttributes(attributes);
  if (scan.length === 0) return withoutIterations(emitter, operands, scan);
  if (scan.length === 1) return once(emitter, operands, scan);
  return loop(emitter, operands, scan);
};

function emptyStacks(emitter: Emitter, { body, carries, length }: ScanAttributes): Value[] {
  return outputTypes(body)
    .slice(carries)
    .map((type) => fill(emitter, stackType(type, length), 0));
}

function withoutIterations(emitter: Emitter, operands: readonly Value[], scan: ScanAttributes): Value[] {
  return [...operands.slice(scan.constants, scan.constants + scan.carries), ...emptyStacks(emitter, scan)];
}

function once(emitter: Emitter, operands: readonly Value[], { body, constants, carries }: ScanAttributes): Value[] {
  const outer = constants + carries;
  const slices = operands.slice(outer).map((element) => reshape(emitter, element, element.type.shape.slice(1)));
  const outputs = inline(emitter, body, [...operands.slice(0, outer), ...slices]);
  return outputs.map((output, i) => (i < carries ? output : reshape(emitter, output, [1, ...output.type.shape])));
}

function loop(emitter: Emitter, operands: readonly Value[], scan: ScanAttributes): readonly Value[] {
  const { body, constants, carries, length, reverse } = scan;
  const outer = constants + carries;
  const initial = [fill(emitter, counter, 0), ...operands, ...emptyStacks(emitter, scan)];
  const types = initial.map(({ type }) => type);
  const last = operands.length + 1;
  const step = buildProgram(
    types,
    (e, i, ...values) => {
      const at = reverse ? subtract(e, fill(e, counter, length - 1), i!) : i!;
      const given = values.slice(0, operands.length);
      const slices = given.slice(outer).map((element) => take(e, element, at));
      const outputs = inline(e, body, [...given.slice(0, outer), ...slices]);
      return [
        add(e, i!, fill(e, counter, 1)),
        ...given.slice(0, constants),
        ...outputs.slice(0, carries),
        ...given.slice(outer),
        ...outputs.slice(carries).map((slice, k) => put(e, values[operands.length + k]!, slice, at)),
      ];
    },
    'scan',
  );
  const condition = buildProgram(types, (e, i) => [compare(e, i!, fill(e, counter, length), 'LT')], 'scan condition');
  const results = whileLoop(emitter, initial, condition, step);
  return [...results.slice(1 + constants, 1 + outer), ...results.slice(last)];
}

function starts(e: Emitter, at: Value, rank: number): Value[] {
  return [at, ...Array.from({ length: rank - 1 }, () => fill(e, counter, 0))];
}

function take(e: Emitter, elements: Value, at: Value): Value {
  const { shape } = elements.type;
  const slice = dynamicSlice(e, elements, starts(e, at, shape.length), [1, ...shape.slice(1)]);
  return reshape(e, slice, shape.slice(1));
}

function put(e: Emitter, stack: Value, slice: Value, at: Value): Value {
  const update = reshape(e, slice, [1, ...slice.type.shape]);
  return dynamicUpdateSlice(e, stack, update, starts(e, at, stack.type.shape.length));
}
