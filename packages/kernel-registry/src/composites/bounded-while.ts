/**
 * `ceratops.bounded_while@1`: a while loop that ends after `maximum` iterations at the latest. The bound gives it a gradient: that of a scan
 * which does nothing once the condition is false.
 */
import { buildProgram, inline, type Value } from '../builder.js';
import { type CompositeDefinition, defineComposite } from '../composite.js';
import { fill } from '../emit/constant.js';
import { caseOf, whileLoop } from '../emit/control.js';
import { add, and, compare, convert } from '../emit/elementwise.js';
import { argumentError, checkRegion } from '../infer/rule.js';
import type { CompositeAttributes } from '../opset.js';
import type { Program } from '../program.js';
import { type TensorType, tensorType } from '../tensor-type.js';
import { isDifferentiable, type Recording } from '../vjp/rule.js';
import { emitScan } from './scan/scan.js';

type BoundedWhile = { readonly condition: Program; readonly body: Program; readonly maximum: number };

const name = 'ceratops.bounded_while@1';
const counter: TensorType = tensorType('int32', []);

function partsOf(attributes: CompositeAttributes): BoundedWhile {
  return attributes as BoundedWhile;
}

/** Attributes `condition`: carries → bool scalar, `body`: carries → carries, `maximum`: an integer ≥ 0. */
export const boundedWhile: CompositeDefinition = /*#__PURE__*/ defineComposite({
  name,
  infer: (operands, attributes) => {
    const { condition, body, maximum } = partsOf(attributes);
    checkRegion(name, 'condition', condition, operands, [tensorType('bool', [])]);
    checkRegion(name, 'body', body, operands, operands);
    if (!Number.isInteger(maximum) || maximum < 0) argumentError(name, 'bad maximum', 'an integer ≥ 0', `${maximum}`);
    return [...operands];
  },
  decompose: (emitter, operands, attributes) => {
    const { condition, body, maximum } = partsOf(attributes);
    const initial = [fill(emitter, counter, 0), ...operands];
    const types = initial.map(({ type }) => type);
    const goesOn = buildProgram(types, (e, i, ...carries) => [
      and(e, compare(e, i!, fill(e, counter, maximum), 'LT'), inline(e, condition, carries)[0]!),
    ]);
    const step = buildProgram(types, (e, i, ...carries) => [
      add(e, i!, fill(e, counter, 1)),
      ...inline(e, body, carries),
    ]);
    return whileLoop(emitter, initial, goesOn, step).slice(1);
  },
  rule: {
    kind: 'own',
    forward: ({ emitter, operands, needed, attributes, record }) => {
      const types = operands.map(({ type }) => type);
      const wrt = types.flatMap((_, i) => (needed[i] ? [i] : []));
      const of = types.flatMap((type, i) => (isDifferentiable(type) ? [i] : []));
      const notes = record(emitter, asScan(partsOf(attributes.attributes), types), operands, { wrt, of });
      return { results: notes.outputs, residuals: [], notes: { recording: notes, wrt, of } };
    },
    vjp: ({ operands, cotangents, notes }) => {
      const { recording, wrt, of } = notes as Notes;
      const gradients = recording.backward(of.map((index) => cotangents[index]));
      return operands.map((_, i) => gradients[wrt.indexOf(i)]);
    },
  },
});

interface Notes {
  readonly recording: Recording;
  readonly wrt: readonly number[];
  readonly of: readonly number[];
}

function asScan({ condition, body, maximum }: BoundedWhile, types: readonly TensorType[]): Program {
  const same = buildProgram(types, (_e, ...carries) => carries, 'over');
  const step = buildProgram(types, (e, ...carries: Value[]) => {
    const index = convert(e, inline(e, condition, carries)[0]!, 'int32');
    return caseOf(e, index, carries, [same, body]);
  });
  return buildProgram(
    types,
    (e, ...carries) => {
      const operands = { constants: [], carries, elements: [] };
      return emitScan(e, operands, { body: step, length: maximum, reverse: false }).carries;
    },
    name,
  );
}
