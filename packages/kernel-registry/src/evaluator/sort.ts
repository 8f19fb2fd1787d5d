/** sort: always stable, whatever `isStable` asks for. */

import { stridesOf } from '../tensor-type.js';
import type { EvaluateRule } from './context.js';
import { copyElement, offsetsOf, pick, remainingAxes } from './indexing.js';
import { scalarRegion } from './region.js';
import { createTensor, readerOf, type Scalar } from './tensor.js';

export const evaluateSort: EvaluateRule<'sort'> = ({ operands, attributes, results }, context) => {
  const outputs = results.map(createTensor);
  const readers = operands.map(readerOf);
  const compare = scalarRegion(attributes.comparator, context);
  const args = new Array<Scalar>(2 * operands.length);
  const precedes = (a: number, b: number): boolean => {
    readers.forEach((read, i) => {
      args[2 * i] = read(a);
      args[2 * i + 1] = read(b);
    });
    return compare(args)[0] === 1;
  };
  const { shape } = operands[0]!.type;
  const strides = stridesOf(shape);
  const kept = remainingAxes(shape.length, [attributes.dimension]);
  const alongAxis = offsetsOf([shape[attributes.dimension]!], [strides[attributes.dimension]!]);
  for (const base of offsetsOf(pick(shape, kept), pick(strides, kept))) {
    const places = Array.from(alongAxis, (offset) => base + offset);
    const sorted = places.slice().sort((a, b) => (precedes(a, b) ? -1 : precedes(b, a) ? 1 : 0));
    operands.forEach((operand, i) => {
      for (let k = 0; k < places.length; k++) copyElement(operand, sorted[k]!, outputs[i]!, places[k]!);
    });
  }
  return outputs;
};
