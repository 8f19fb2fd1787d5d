/** The outputs of a model as a flat list with names, and settings given per output in any of the accepted forms. */

import { CeratopsError, type TensorType } from '@ceratops/kernel-registry';
import { formatShape } from '../engine/keras-tensor.js';
import { isPlainObject } from '../engine/table.js';
import { flatten } from '../engine/tree.js';

/** A name for each output: the keys of a record, else the model's names. */
export function outputNamesOf(
  yPred: unknown,
  modelNames: readonly string[] | undefined,
): readonly (string | undefined)[] {
  if (isPlainObject(yPred)) return Object.keys(yPred).sort();
  const count = flatten(yPred).length;
  return modelNames?.length === count ? modelNames : new Array<undefined>(count).fill(undefined);
}

/** The leaves of y in the order of the outputs; a missing one is undefined. */
export function perOutput(what: string, tree: unknown, names: readonly (string | undefined)[]): unknown[] {
  if (isPlainObject(tree)) {
    const unknown = Object.keys(tree).find((key) => !names.includes(key));
    if (unknown !== undefined) {
      throw new CeratopsError('INVALID_ARGUMENT', `there is no output '${unknown}'`, {
        subject: what,
        expected: names.map((name) => name ?? 'an output without a name').join(', '),
        received: Object.keys(tree).join(', '),
      });
    }
    return names.map((name) => (name === undefined ? undefined : (tree[name] ?? undefined)));
  }
  if (names.length === 1 && !Array.isArray(tree)) return [tree];
  if (Array.isArray(tree) && tree.length === names.length) return tree.map((item) => item ?? undefined);
  throw new CeratopsError('INVALID_ARGUMENT', 'wrong number', {
    subject: what,
    expected: `${names.length}, one for each output${names[0] === undefined ? '' : `: ${names.join(', ')}`}`,
    received: Array.isArray(tree) ? `${tree.length}` : 'one',
  });
}

/** `loss 'huber' of output 'price'`, for errors. */
export function nameOf(kind: string, { name }: { readonly name: string }, output: string | undefined): string {
  return `${kind} '${name}'${output === undefined ? '' : ` of output '${output}'`}`;
}

/** `y float32(4, 2), output float32(4, 1)`, for errors. */
export function describeTargets(y: TensorType, output: TensorType, weights: TensorType | undefined): string {
  const parts = { y, output, sampleWeight: weights };
  return Object.entries(parts)
    .flatMap(([name, type]) => (type === undefined ? [] : [`${name} ${type.dtype}${formatShape(type.shape)}`]))
    .join(', ');
}
