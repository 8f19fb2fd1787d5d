/** The outputs of a model as a flat list with names, and settings given per output in any of the accepted forms. */

import { CeratopsError, type TensorType } from '@ceratops/kernel-registry';
import { formatShape } from '../engine/keras-tensor.js';
import { show } from '../engine/show.js';
import { isPlainObject } from '../engine/table.js';
import { flatten } from '../engine/tree.js';

type Nest = { readonly [key: string]: unknown };

/** True where outputs lie deeper than in one list or one record. */
function isNested(tree: unknown): boolean {
  return isNest(tree) && Object.values(tree).some(isNest);
}

function isNest(tree: unknown): tree is Nest {
  return Array.isArray(tree) || isPlainObject(tree);
}

/** The keys of a nest in the order of `flatten`. */
function keysOf(tree: Nest): string[] {
  return Array.isArray(tree) ? Object.keys(tree) : Object.keys(tree).sort();
}

/** `u/v`, `w/price`: keys of records, names of outputs in lists. */
function pathsOf(tree: unknown, names: readonly string[], prefix = ''): string[] {
  if (!isNest(tree)) return [prefix];
  let first = 0;
  return keysOf(tree).flatMap((key) => {
    const own = names.slice(first, (first += flatten(tree[key]).length));
    const part = Array.isArray(tree) && !isNest(tree[key]) ? (own[0] ?? key) : key;
    return pathsOf(tree[key], own, prefix === '' ? part : `${prefix}/${part}`);
  });
}

/** The parts of `tree` at the places of the outputs; undefined where there is none. */
function partsLike(what: string, outputs: unknown, tree: unknown): unknown[] {
  if (!isNest(outputs)) return [tree ?? undefined];
  if (tree === undefined || tree === null) return flatten(outputs).map(() => undefined);
  const keys = keysOf(outputs);
  const surplus = isNest(tree) ? Object.keys(tree).find((key) => !keys.includes(key)) : '';
  if (isNest(tree) && Array.isArray(tree) === Array.isArray(outputs) && surplus === undefined)
    return keys.flatMap((key) => partsLike(what, outputs[key], tree[key]));
  throw new CeratopsError('INVALID_ARGUMENT', 'another structure than that of the outputs', {
    subject: what,
    expected: Array.isArray(outputs) ? `a list of ${keys.length}` : `a record of ${keys.join(', ')}`,
    received: show(tree),
  });
}

/** A name for each output: the keys of a record, paths in a deeper nest, else the model's names. */
export function outputNamesOf(
  yPred: unknown,
  modelNames: readonly string[] | undefined,
): readonly (string | undefined)[] {
  if (isNested(yPred)) return pathsOf(yPred, modelNames ?? []);
  if (isPlainObject(yPred)) return Object.keys(yPred).sort();
  const count = flatten(yPred).length;
  return modelNames?.length === count ? modelNames : new Array<undefined>(count).fill(undefined);
}

/** The leaves of y in the order of the outputs; a missing one is undefined. */
export function perOutput(
  what: string,
  tree: unknown,
  names: readonly (string | undefined)[],
  outputs: unknown,
): unknown[] {
  if (isNested(outputs)) return partsLike(what, outputs, tree);
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

/** As `outputNamesOf`, but metrics of nested outputs go by the model's names, as in Keras. */
export function metricNamesOf(
  yPred: unknown,
  modelNames: readonly string[] | undefined,
): readonly (string | undefined)[] {
  const isNamed = isNested(yPred) && modelNames?.length === flatten(yPred).length;
  return isNamed ? modelNames : outputNamesOf(yPred, modelNames);
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
