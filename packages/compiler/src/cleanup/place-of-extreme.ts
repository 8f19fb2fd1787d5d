/**
 * The place of the largest or smallest of a row: where a reduction with a body of its own goes element by element, two whose
 * body is one op go by vectors, first for the extreme and then for its first place. A late part.
 */

import {
  type AnyInstruction,
  identityOf,
  type Program,
  type ReducerOp,
  scalarRegion,
  type TensorType,
  tensorType,
  type ValueId,
} from '@ceratops/kernel-registry';
import type { Rewriter } from './rewriter.js';

type Extreme = Extract<ReducerOp, 'maximum' | 'minimum'>;
type Reduce = AnyInstruction & { readonly op: 'reduce' };

const directions = { maximum: 'GT', minimum: 'LT' } as const;
const place = tensorType('int32', []);

/**
 * The body on (value, place, next value, next place), as an expression: takes the next where it is better, or as good and at a smaller
 * place; NaN is best.
 */
function bodyOf(op: Extreme): string {
  const [held, given] = ['compareNE(0,0)', 'compareNE(2,2)'];
  const better = `or(compare${directions[op]}(2,0),and(${given},not(${held})))`;
  const first = `and(or(compareEQ(2,0),and(${given},${held})),compareLT(3,1))`;
  const takes = `and(or(${better},${first}),or(${given},not(${held})))`;
  return `select(${takes},2,0),select(${takes},3,1)`;
}

/** What a region computes, in whatever order: its outputs as expressions. */
function expressionsOf({ inputs, instructions, outputs }: Program): string {
  const texts = inputs.map((_, i) => `${i}`);
  for (const { op, operands, attributes } of instructions)
    texts.push(`${op}${Object.values(attributes)}(${operands.map((id) => texts[id]!)})`);
  return outputs.map((id) => texts[id]!).join();
}

function extremeOf(body: Program): Extreme | undefined {
  // More would be another body, and a long text.
  if (body.instructions.length > 32) return undefined;
  const text = expressionsOf(body);
  return (['maximum', 'minimum'] as const).find((op) => text === bodyOf(op));
}

export function placeOfExtreme(rewriter: Rewriter, instruction: AnyInstruction): ValueId | undefined {
  const { operands, attributes, results } = instruction as Reduce;
  const [x, places, worst, first] = operands as [ValueId, ValueId, ValueId, ValueId];
  if (operands.length !== 4 || rewriter.definedBy(places, 'iota') === undefined) return undefined;
  const { dtype, shape } = rewriter.typeOf(x);
  const { dimensions, body } = attributes;
  const isRow = dimensions.length === 1 && dimensions[0] === shape.length - 1 && shape.at(-1)! > 0;
  if (!isRow || results[1]!.dtype !== 'int32' || rewriter.splatOf(first) !== 0) return undefined;
  const op = extremeOf(body);
  if (op === undefined || rewriter.splatOf(worst) !== identityOf(op, dtype)) return undefined;
  const last = identityOf('minimum', 'int32');
  const bools: TensorType = { dtype: 'bool', shape };
  const reduce = (value: ValueId, initial: ValueId, by: ReducerOp, type: TensorType): ValueId =>
    rewriter.emit('reduce', [value, initial], { dimensions, body: scalarRegion(type.dtype, by) }, [type]);
  const repeated = (value: ValueId): ValueId => {
    const attributes = { shape, broadcastDimensions: shape.slice(1).map((_, axis) => axis) };
    return rewriter.emit('broadcast_in_dim', [value], attributes, [{ dtype: rewriter.typeOf(value).dtype, shape }]);
  };
  const compared = (a: ValueId, b: ValueId, direction: 'EQ' | 'NE'): ValueId =>
    rewriter.emit('compare', [a, b], { direction }, [bools]);
  const chosen = (condition: ValueId, value: ValueId, otherwise: ValueId): ValueId =>
    rewriter.emit('select', [condition, value, otherwise], {}, [rewriter.typeOf(value)]);

  const extreme = reduce(x, worst, op, results[0]!);
  const isExtreme = rewriter.emit('or', [compared(x, repeated(extreme), 'EQ'), compared(x, x, 'NE')], {}, [bools]);
  const candidates = chosen(isExtreme, places, rewriter.fill({ dtype: 'int32', shape }, last));
  const found = reduce(candidates, rewriter.fill(place, last), 'minimum', results[1]!);
  // Of zeros the one that is there; most programs do not want it.
  const value = chosen(compared(places, repeated(found), 'EQ'), x, repeated(worst));
  // Two results in one instruction; the barrier itself does not stay.
  return rewriter.emit('optimization_barrier', [reduce(value, worst, op, results[0]!), found], {}, results);
}
