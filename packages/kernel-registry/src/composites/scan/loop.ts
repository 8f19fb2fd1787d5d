/** A scan as a while loop: slices are taken from the elements and written into the stacks in place. */
import { buildProgram, type Emitter, inline, type Value } from '../../builder.js';
import type { CompositeDefinition } from '../../composite.js';
import { fill } from '../../emit/constant.js';
import { whileLoop } from '../../emit/control.js';
import { dynamicSlice, dynamicUpdateSlice } from '../../emit/dynamic-slice.js';
import { add, compare, subtract } from '../../emit/elementwise.js';
import { reshape } from '../../emit/movement.js';
import { outputTypes, type Program } from '../../program.js';
import { type TensorType, tensorType } from '../../tensor-type.js';
import { type ScanAttributes, type ScanResults, scanAttributes, stackType } from './attributes.js';
import { hoist, type LoopParts } from './hoist.js';
import { sink } from './sink.js';

const counter: TensorType = tensorType('int32', []);

export const decomposeScan: CompositeDefinition['decompose'] = (emitter, operands, attributes) => {
  const scan = scanAttributes(attributes);
  if (scan.length === 0) return withoutIterations(emitter, operands, scan);
  if (scan.length === 1) return once(emitter, operands, scan);
  const outer = scan.constants + scan.carries;
  const given = {
    constants: operands.slice(0, scan.constants),
    carries: operands.slice(scan.constants, outer),
    elements: operands.slice(outer),
  };
  const { finish, ...lean } = sink(hoist(emitter, { body: scan.body, operands: given, length: scan.length }));
  const { carries, stacks } = finish(emitter, loop(emitter, lean, scan.reverse));
  return [...carries, ...stacks];
};

function emptyStacks(emitter: Emitter, body: Program, carries: number, length: number): Value[] {
  return outputTypes(body)
    .slice(carries)
    .map((type) => fill(emitter, stackType(type, length), 0));
}

function withoutIterations(emitter: Emitter, operands: readonly Value[], scan: ScanAttributes): Value[] {
  return [
    ...operands.slice(scan.constants, scan.constants + scan.carries),
    ...emptyStacks(emitter, scan.body, scan.carries, 0),
  ];
}

function once(emitter: Emitter, operands: readonly Value[], { body, constants, carries }: ScanAttributes): Value[] {
  const outer = constants + carries;
  const slices = operands.slice(outer).map((element) => reshape(emitter, element, element.type.shape.slice(1)));
  const outputs = inline(emitter, body, [...operands.slice(0, outer), ...slices]);
  return outputs.map((output, i) => (i < carries ? output : reshape(emitter, output, [1, ...output.type.shape])));
}

function loop(emitter: Emitter, { body, operands, length }: LoopParts, reverse: boolean): ScanResults {
  const { constants, carries, elements } = operands;
  const all = [...constants, ...carries, ...elements];
  const outer = constants.length + carries.length;
  const stacks = emptyStacks(emitter, body, carries.length, length);
  const initial = [fill(emitter, counter, 0), ...all, ...stacks];
  const types = initial.map(({ type }) => type);
  const step = buildProgram(
    types,
    (e, i, ...values) => {
      const at = reverse ? subtract(e, fill(e, counter, length - 1), i!) : i!;
      const given = values.slice(0, all.length);
      const slices = given.slice(outer).map((element) => take(e, element, at));
      const outputs = inline(e, body, [...given.slice(0, outer), ...slices]);
      return [
        add(e, i!, fill(e, counter, 1)),
        ...given.slice(0, constants.length),
        ...outputs.slice(0, carries.length),
        ...given.slice(outer),
        ...outputs.slice(carries.length).map((slice, k) => put(e, values[all.length + k]!, slice, at)),
      ];
    },
    'scan',
  );
  const condition = buildProgram(types, (e, i) => [compare(e, i!, fill(e, counter, length), 'LT')], 'scan condition');
  const results = whileLoop(emitter, initial, condition, step).slice(1);
  return { carries: results.slice(constants.length, outer), stacks: results.slice(all.length) };
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
