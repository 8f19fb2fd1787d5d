/** Loops and branches, as `keras.ops` has them. State is a tree: tensors in arrays and plain objects. */

import { asTensor, vectorizedMap as mapItems, type Tensor, type TensorLike, type Tree } from '@ceratops/core';
import * as prim from '@ceratops/core/primitives';
import { flatten, specKey, type TreeSpec, unflatten } from '@ceratops/core/tree';
import { castTo, invalid, leading, normalizeAxis, scalar } from './support.js';

/** Tensors, and what can become one, in arrays and plain objects; null holds nothing. */
export type TensorTree = Tree<TensorLike | null | undefined>;

interface Opened {
  readonly tensors: Tensor[];
  readonly spec: TreeSpec;
  /** The tree again with other tensors. */
  fill(tensors: readonly Tensor[]): unknown;
}

function open(tree: unknown): Opened {
  const { leaves, spec } = flatten(tree);
  const holds = leaves.map((leaf) => leaf !== null && leaf !== undefined);
  const fill = (tensors: readonly Tensor[]): unknown => {
    let next = 0;
    return unflatten(
      spec,
      leaves.map((leaf, i) => (holds[i] ? tensors[next++] : leaf)),
    );
  };
  return { tensors: leaves.filter((_, i) => holds[i]).map((leaf) => asTensor(leaf as TensorLike)), spec, fill };
}

/** What a function gave back, which must have the structure of what it got. */
function openLike(subject: string, expected: Opened, tree: unknown): Tensor[] {
  const opened = open(tree);
  if (specKey(opened.spec) === specKey(expected.spec) && opened.tensors.length === expected.tensors.length) {
    return opened.tensors;
  }
  throw invalid(
    subject,
    'the function changes the structure of its state',
    specKey(expected.spec),
    specKey(opened.spec),
    'give back what it was given, with other values',
  );
}

/** A function as one branch; the first says what structure all give. */
function branchesOf<R>(
  subject: string,
  functions: readonly ((...operands: never[]) => R)[],
  fill: (tensors: readonly Tensor[]) => readonly unknown[],
): { bodies: ((...tensors: Tensor[]) => Tensor[])[]; result(tensors: readonly Tensor[]): R } {
  let shape: Opened | undefined;
  const bodies = functions.map((fn) => (...tensors: Tensor[]): Tensor[] => {
    const tree = fn(...(fill(tensors) as never[]));
    if (shape !== undefined) return openLike(subject, shape, tree);
    shape = open(tree);
    return shape.tensors;
  });
  return { bodies, result: (tensors) => shape!.fill(tensors) as R };
}

/**
 * `trueFn()` where the scalar holds, else `falseFn()`; only one of them runs. Both give trees of the same structure and types.
 * @throws INVALID_ARGUMENT or INVALID_PROGRAM when they do not.
 */
export function cond<R extends TensorTree>(pred: TensorLike, trueFn: () => R, falseFn: () => R): R {
  const predicate = asTensor(pred);
  if (predicate.size !== 1) throw invalid('cond', 'not one truth value', 'a scalar', `[${predicate.shape}]`);
  const isTrue = predicate.dtype === 'bool' ? predicate : prim.compare(predicate, zeroLike(predicate), 'NE');
  const { bodies, result } = branchesOf('cond', [falseFn, trueFn], () => []);
  return result(prim.caseOf(prim.reshape(castTo(isTrue, 'int32'), []), bodies));
}

function zeroLike({ dtype, shape }: Tensor): Tensor {
  return prim.constant(0, { dtype, shape });
}

/** `branches[index](…operands)`; an index out of range is clamped. Only one of them runs. */
function switchOf<A extends readonly TensorTree[], R extends TensorTree>(
  index: TensorLike,
  branches: readonly ((...operands: A) => R)[],
  ...operands: A
): R {
  const opened = open(operands);
  const chosen = prim.maximum(castTo(prim.reshape(asTensor(index), []), 'int32'), scalar(0, 'int32'));
  const functions = branches as unknown as readonly ((...operands: never[]) => R)[];
  const { bodies, result } = branchesOf('switch', functions, (tensors) => opened.fill(tensors) as readonly unknown[]);
  return result(prim.caseOf(chosen, bodies, opened.tensors));
}

export { switchOf as switch };

export interface WhileLoopOptions {
  /** The loop ends after so many iterations at the latest. Gradients need it. */
  readonly maximumIterations?: number | undefined;
}

/**
 * Repeats `body` on the state while `cond` holds. A list of variables is handed over as arguments, anything else as one.
 * @throws INVALID_ARGUMENT or INVALID_PROGRAM when the body changes structure or types of the state.
 */
export function whileLoop<S extends TensorTree>(
  condition: (...state: S extends readonly TensorTree[] ? Mutable<S> : [S]) => Tensor,
  body: (...state: S extends readonly TensorTree[] ? Mutable<S> : [S]) => S | TensorTree,
  loopVars: S,
  maximumIterations?: number | WhileLoopOptions,
): S {
  const options = leading<WhileLoopOptions>('maximumIterations', maximumIterations, undefined);
  const isList = Array.isArray(loopVars);
  const opened = open(isList ? loopVars : [loopVars]);
  const given = (tensors: readonly Tensor[]): never => opened.fill(tensors) as never;
  const listed = (tree: unknown): unknown => (isList && (loopVars.length !== 1 || Array.isArray(tree)) ? tree : [tree]);
  const results = prim.whileLoop(
    (...tensors) => prim.reshape(castTo(condition(...(given(tensors) as never[] as never)), 'bool'), []),
    (...tensors) => openLike('whileLoop', opened, listed(body(...(given(tensors) as never[] as never)))),
    opened.tensors,
    options,
  );
  const final = opened.fill(results) as readonly unknown[];
  return (isList ? final : final[0]) as S;
}

type Mutable<T extends readonly unknown[]> = { -readonly [K in keyof T]: T[K] };

/** The state after `body(i, state)` for i from `lower` to below `upper`. Numbers as bounds make a loop that has gradients. */
export function foriLoop<S extends TensorTree>(
  lower: number | Tensor,
  upper: number | Tensor,
  body: (index: Tensor, state: S) => S,
  initial: S,
): S {
  const opened = open(initial);
  const results = prim.forLoop(
    lower,
    upper,
    (index, ...tensors) => openLike('foriLoop', opened, body(index, opened.fill(tensors) as S)),
    opened.tensors,
  );
  return opened.fill(results) as S;
}

export interface ScanLoopOptions {
  /** How many iterations; needed when there are no elements. */
  readonly length?: number | undefined;
  readonly reverse?: boolean | undefined;
  /** Accepted as Keras' argument; how far a loop is unrolled is the compiler's choice. */
  readonly unroll?: number | boolean | undefined;
  /** Gradients keep the carry of every so many iterations and compute the rest again: less memory, more time. */
  readonly checkpointEvery?: number | undefined;
}

/**
 * Runs `f(carry, slice)`, which gives the next carry and an output, over the slices of `xs` along the first axis: the final carry and
 * the outputs, stacked.
 * @throws INVALID_ARGUMENT when the carry changes its structure or a type; SHAPE_MISMATCH when elements differ in length.
 */
export function scan<C extends TensorTree, X extends TensorTree, Y extends TensorTree>(
  f: (carry: C, slice: X) => readonly [C, Y],
  init: C,
  xs?: X,
  options: ScanLoopOptions = {},
): [C, Y] {
  const carry = open(init);
  const elements = open(xs ?? null);
  let outputs: Opened | undefined;
  const { length, reverse, checkpointEvery } = options;
  const body: prim.ScanBody = (carries, slices) => {
    const [next, output] = f(carry.fill(carries) as C, elements.fill(slices) as X);
    outputs = open(output);
    return [openLike('scan', carry, next), outputs.tensors];
  };
  const [final, stacks] =
    checkpointEvery === undefined
      ? prim.scan(body, carry.tensors, elements.tensors, { length, reverse })
      : prim.checkpointedScan(body, carry.tensors, elements.tensors, checkpointEvery, { length, reverse });
  return [carry.fill(final) as C, outputs!.fill(stacks) as Y];
}

/** `f` on each slice of `xs` along the first axis, the results stacked. One after the other: memory of one at a time. */
export function map<X extends TensorTree, Y extends TensorTree>(f: (slice: X) => Y, xs: X): Y {
  const elements = open(xs);
  let outputs: Opened | undefined;
  const stacks = prim.map((...slices) => {
    outputs = open(f(elements.fill(slices) as X));
    return outputs.tensors;
  }, elements.tensors);
  return outputs!.fill(stacks) as Y;
}

export interface AssociativeScanLoopOptions {
  readonly reverse?: boolean | undefined;
  readonly axis?: number | undefined;
}

/** The combinations of the first 1, 2, … slices by an associative function, in logarithmic depth. */
export function associativeScan<X extends TensorTree>(
  f: (earlier: X, later: X) => X,
  elems: X,
  reverse?: boolean | AssociativeScanLoopOptions,
): X {
  const options = leading<AssociativeScanLoopOptions>('reverse', reverse, undefined);
  const opened = open(elems);
  const rank = Math.min(...opened.tensors.map((tensor) => tensor.rank));
  const results = prim.associativeScan(
    (a, b) => openLike('associativeScan', opened, f(opened.fill(a) as X, opened.fill(b) as X)),
    opened.tensors,
    { reverse: options.reverse, dimension: normalizeAxis(options.axis ?? 0, rank, 'associativeScan') },
  );
  return opened.fill(results) as X;
}

/**
 * `fn` on every item along the first axis of all tensors in `elements`, at once: each op runs on the whole batch. It may not assign
 * variables.
 */
export function vectorizedMap<X extends TensorTree, Y extends TensorTree>(fn: (item: X) => Y, elements: X): Y {
  const opened = open(elements);
  let outputs: Opened | undefined;
  const results = mapItems((tensors: readonly Tensor[]) => {
    outputs = open(fn(opened.fill(tensors) as X));
    return outputs.tensors;
  })(opened.tensors);
  return outputs!.fill(results) as Y;
}
