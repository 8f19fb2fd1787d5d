/** Einstein summation over one or two operands; more are taken two at a time, left to right. */

import { asTensor, promoteTypes, type Tensor, type TensorLike } from '@ceratops/core';
import * as prim from '@ceratops/core/primitives';
import { isPlainObject } from '../engine/table.js';
import { castTo, defineOp, invalid, type Op, shapeError } from './support.js';

/** A tensor with a label per axis. */
interface Labelled {
  readonly tensor: Tensor;
  readonly labels: readonly string[];
}

function parse(subscripts: string, operands: readonly Tensor[]): { inputs: string[][]; output: string[] } {
  const [left, right] = subscripts.replaceAll(' ', '').split('->');
  const terms = left!.split(',');
  if (terms.length !== operands.length) {
    throw invalid('einsum', 'wrong number of operands', `${terms.length} for '${subscripts}'`, `${operands.length}`);
  }
  const widest = Math.max(
    0,
    ...terms.map((term, i) => (term.includes('...') ? operands[i]!.shape.length - term.length + 3 : 0)),
  );
  const dots = Array.from({ length: widest }, (_, i) => `.${i}`);
  const inputs = terms.map((term, i) => {
    const count = operands[i]!.shape.length - term.replace('...', '').length;
    const labels = expand(term, count === 0 ? [] : dots.slice(-count));
    if (labels.length === operands[i]!.shape.length) return labels;
    throw shapeError(
      'einsum',
      `operand ${i} does not fit '${term}'`,
      `rank ${labels.length}`,
      `rank ${operands[i]!.shape.length}`,
    );
  });
  return { inputs, output: right === undefined ? implicitOutput(inputs.flat(), dots) : expand(right, dots) };
}

function expand(term: string, dots: readonly string[]): string[] {
  const [before, after] = term.split('...');
  return after === undefined ? [...before!] : [...before!, ...dots, ...after];
}

/** Without an arrow: the ellipsis, then every label that occurs once, in alphabetical order. */
function implicitOutput(labels: readonly string[], dots: readonly string[]): string[] {
  const once = labels.filter((label) => !label.startsWith('.') && labels.indexOf(label) === labels.lastIndexOf(label));
  return [...dots, ...once.sort()];
}

/** Repeated labels within one operand keep their diagonal. */
function diagonal({ tensor, labels }: Labelled): Labelled {
  const at = labels.findIndex((label, i) => labels.indexOf(label) !== i);
  if (at === -1) return { tensor, labels };
  const first = labels.indexOf(labels[at]!);
  const type = { dtype: 'int32', shape: tensor.shape } as const;
  const same = prim.compare(prim.iota(type, first), prim.iota(type, at), 'EQ');
  const zero = prim.constant(0, { dtype: tensor.dtype, shape: tensor.shape });
  const kept = prim.reduceSum(prim.select(same, tensor, zero), [at]);
  return diagonal({ tensor: kept, labels: labels.filter((_, i) => i !== at) });
}

/** Sums away the labels that nobody asks for any more. */
function reduceTo({ tensor, labels }: Labelled, wanted: readonly string[]): Labelled {
  const gone = labels.flatMap((label, i) => (wanted.includes(label) ? [] : [i]));
  if (gone.length === 0) return { tensor, labels };
  return { tensor: prim.reduceSum(tensor, gone), labels: labels.filter((label) => wanted.includes(label)) };
}

/** Labels whose axis is 1 here and wider there are squeezed: they broadcast. */
function dropOnes(one: Labelled, other: Labelled): Labelled {
  const keep = one.labels.map((label, i) => {
    const at = other.labels.indexOf(label);
    return at === -1 || one.tensor.shape[i] !== 1 || other.tensor.shape[at] === 1;
  });
  if (keep.every(Boolean)) return one;
  const shape = one.tensor.shape.filter((_, i) => keep[i]);
  return { tensor: prim.reshape(one.tensor, shape), labels: one.labels.filter((_, i) => keep[i]) };
}

function contractPair(left: Labelled, right: Labelled, wanted: readonly string[]): Labelled {
  const a = reduceTo(dropOnes(left, right), [...right.labels, ...wanted]);
  const b = reduceTo(dropOnes(right, left), [...left.labels, ...wanted]);
  const shared = a.labels.filter((label) => b.labels.includes(label));
  const batch = shared.filter((label) => wanted.includes(label));
  const summed = shared.filter((label) => !wanted.includes(label));
  const axes = (operand: Labelled, labels: readonly string[]): number[] =>
    labels.map((label) => operand.labels.indexOf(label));
  const tensor = prim.dotGeneral(a.tensor, b.tensor, {
    contracting: [axes(a, summed), axes(b, summed)],
    batching: [axes(a, batch), axes(b, batch)],
  });
  const free = (operand: Labelled): string[] => operand.labels.filter((label) => !shared.includes(label));
  return { tensor, labels: [...batch, ...free(a), ...free(b)] };
}

/** As users write them, or as nodes keep them: with the subscripts last, as an option. */
type EinsumParameters = [string, ...TensorLike[]] | [...TensorLike[], { readonly subscripts: string }];

function inOrder(parameters: EinsumParameters): [string, TensorLike[]] {
  const last = parameters.at(-1);
  if (isPlainObject(last)) return [last.subscripts as string, parameters.slice(0, -1) as TensorLike[]];
  const [subscripts, ...operands] = parameters as [string, ...TensorLike[]];
  return [subscripts, operands];
}

/**
 * `einsum('bij,bjk->bik', a, b)`: products of the operands summed over the labels missing from the output.
 * Ellipses and repeated labels are understood.
 */
export const einsum: Op<(subscripts: string, ...operands: TensorLike[]) => Tensor> = /*#__PURE__*/ defineOp(
  {
    className: 'Einsum',
    module: 'numpy',
    tensors: Number.POSITIVE_INFINITY,
    options: { subscripts: 'subscripts' },
    normalize: ([subscripts, ...operands]) => [...operands, { subscripts }],
  },
  (...parameters: EinsumParameters): Tensor => {
    const [subscripts, operands] = inOrder(parameters);
    const given = operands.map((operand) => asTensor(operand));
    const dtype = promoteTypes(...given.map((tensor) => tensor.dtype));
    const { inputs, output } = parse(subscripts, given);
    const labelled = given.map((tensor, i) => diagonal({ tensor: castTo(tensor, dtype), labels: inputs[i]! }));
    let result = labelled[0]!;
    labelled.slice(1).forEach((next, i) => {
      const later = inputs.slice(i + 2).flat();
      result = contractPair(result, next, [...output, ...later]);
    });
    result = reduceTo(result, output);
    return prim.transpose(
      result.tensor,
      output.map((label) => result.labels.indexOf(label)),
    );
  },
);
