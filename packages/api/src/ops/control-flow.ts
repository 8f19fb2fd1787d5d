/** Loops and branches, as `keras.ops` has them. State is a tree: tensors in arrays and plain objects. */

import {
  asTensor,
  isTensor,
  vectorizedMap as mapItems,
  promoteTypes,
  type Tensor,
  type TensorLike,
  type Tree,
} from '@ceratops/core';
import * as prim from '@ceratops/core/primitives';
import { flatten, type TreeSpec, unflatten } from '@ceratops/core/tree';
import { isInteger } from '@ceratops/kernel-registry';
import { castTo, invalid, leading, normalizeAxis, scalar, shapeError } from './support.js';

/** Tensors, and what can become one, in arrays and plain objects; null holds nothing. */
export type TensorTree = Tree<TensorLike | null | undefined>;

interface Opened {
  readonly tensors: Tensor[];
  /** The tree with `*` for each tensor: equal for trees of equal structure. */
  readonly structure: string;
  /** Where each tensor lies in the tree. */
  readonly places: readonly string[];
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
  const tensors = leaves.filter((_, i) => holds[i]).map((leaf) => asTensor(leaf as TensorLike));
  return { tensors, structure: structureOf(spec, holds), places: placesOf(spec).filter((_, i) => holds[i]), fill };
}

function structureOf(spec: TreeSpec, holds: readonly boolean[]): string {
  const marked = holds.map((held) => (held ? '*' : null));
  return JSON.stringify(unflatten(spec, marked)).replaceAll('"*"', '*');
}

/** What a function gave back, which must have the structure and the types of what it got. */
function openLike(
  subject: string,
  expected: Opened,
  tree: unknown,
  given: readonly Tensor[] = expected.tensors,
): Tensor[] {
  const opened = open(tree);
  if (opened.structure !== expected.structure) {
    throw invalid(
      subject,
      'the function changes the structure of its state',
      expected.structure,
      opened.structure,
      'give back what it was given, with other values',
    );
  }
  checkTypes(opened, given, (place) => ({ subject, problem: `the function changes the type of its state${place}` }));
  return opened.tensors;
}

/** @throws INVALID_ARGUMENT that names the first leaf of another dtype or shape. */
function checkTypes(
  opened: Opened,
  expected: readonly Tensor[],
  describe: (place: string) => { subject: string; problem: string },
): void {
  const at = opened.tensors.findIndex((tensor, i) => typeOf(tensor) !== typeOf(expected[i]!));
  if (at < 0) return;
  const place = opened.places[at]!;
  const { subject, problem } = describe(place === '' ? '' : ` at ${place}`);
  throw invalid(
    subject,
    problem,
    typeOf(expected[at]!),
    typeOf(opened.tensors[at]!),
    "ops.cast and ops.reshape change a tensor's type",
  );
}

function typeOf({ dtype, shape }: Tensor): string {
  return `${dtype}[${shape.join(',')}]`;
}

/** Where each leaf of a tree lies, as JavaScript writes it: `[0].name`. */
function placesOf(spec: TreeSpec, before = ''): string[] {
  if (spec.kind === 'leaf') return [before];
  const step = (i: number): string =>
    spec.kind === 'array'
      ? `[${i}]`
      : /^[A-Za-z_$][\w$]*$/.test(spec.keys[i]!)
        ? `.${spec.keys[i]}`
        : `[${JSON.stringify(spec.keys[i])}]`;
  return spec.items.flatMap((item, i) => placesOf(item, `${before}${step(i)}`));
}

/** @throws INVALID_ARGUMENT for what cannot be called. */
function checkFunctions(subject: string, functions: { readonly [name: string]: unknown }): void {
  for (const [name, value] of Object.entries(functions)) {
    if (typeof value !== 'function') throw invalid(subject, `'${name}' is no function`, 'a function', typeof value);
  }
}

/** @throws SHAPE_MISMATCH for what cannot be cut into slices. */
function checkSlices(subject: string, tensors: readonly Tensor[]): void {
  const lengths = new Set(tensors.map(({ shape }) => shape[0]));
  if (lengths.size === 1 && tensors.every(({ rank }) => rank > 0)) return;
  const received = tensors.map(typeOf).join(', ') || 'no tensors';
  throw shapeError(subject, 'no slices along the first axis', 'tensors of one length, not scalars', received);
}

/** Functions by name as branches; the first says what structure and types all give. */
function branchesOf<R>(
  subject: string,
  functions: readonly (readonly [name: string, fn: (...operands: never[]) => R])[],
  fill: (tensors: readonly Tensor[]) => readonly unknown[],
): { bodies: ((...tensors: Tensor[]) => Tensor[])[]; result(tensors: readonly Tensor[]): R } {
  checkFunctions(subject, Object.fromEntries(functions));
  let first: Opened | undefined;
  const bodies = functions.map(([name, fn]) => (...tensors: Tensor[]): Tensor[] => {
    const opened = open(fn(...(fill(tensors) as never[])));
    first ??= opened;
    const others = `than ${functions[0]![0]}`;
    if (opened.structure !== first.structure) {
      throw invalid(subject, `${name} gives another structure ${others}`, first.structure, opened.structure);
    }
    checkTypes(opened, first.tensors, (place) => ({
      subject,
      problem: `${name} gives another type ${others}${place}`,
    }));
    return opened.tensors;
  });
  return { bodies, result: (tensors) => first!.fill(tensors) as R };
}

/**
 * `trueFn()` where the scalar holds, else `falseFn()`; only one of them runs. Both give trees of the same structure and types.
 * @throws INVALID_ARGUMENT when they do not, with the place in the tree.
 */
export function cond<R extends TensorTree>(pred: TensorLike, trueFn: () => R, falseFn: () => R): R {
  const predicate = asTensor(pred);
  if (predicate.size !== 1) throw invalid('cond', 'not one truth value', 'a scalar', `[${predicate.shape}]`);
  const isTrue = predicate.dtype === 'bool' ? predicate : prim.compare(predicate, zeroLike(predicate), 'NE');
  const functions = [['falseFn', falseFn] as const, ['trueFn', trueFn] as const];
  const { bodies, result } = branchesOf('cond', functions, () => []);
  return result(prim.caseOf(prim.reshape(castTo(isTrue, 'int32'), []), bodies));
}

function zeroLike({ dtype, shape }: Tensor): Tensor {
  return prim.constant(0, { dtype, shape });
}

/**
 * `branches[index](…operands)`; an index out of range is clamped. Only one of them runs.
 * @throws INVALID_ARGUMENT for an index that is no integer scalar, for no branches, and for branches whose results differ in structure or types.
 */
function switchOf<A extends readonly TensorTree[], R extends TensorTree>(
  index: TensorLike,
  branches: readonly ((...operands: A) => R)[],
  ...operands: A
): R {
  const at = Number.isInteger(index) ? scalar(index as number, 'int32') : asTensor(index);
  if (at.rank > 0 || !isInteger(at.dtype)) throw invalid('switch', 'bad index', 'an integer scalar', typeOf(at));
  if (branches.length === 0) throw invalid('switch', 'no branches', 'at least one function', 'none');
  const opened = open(operands);
  const chosen = prim.maximum(castTo(at, 'int32'), scalar(0, 'int32'));
  const functions = branches.map(
    (branch, i) => [`branch ${i}`, branch as unknown as (...operands: never[]) => R] as const,
  );
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
 * @throws INVALID_ARGUMENT when the body changes structure or types of the state, with the place in it, and for a condition that is no bool
 * scalar.
 */
export function whileLoop<S extends TensorTree>(
  condition: (...state: S extends readonly TensorTree[] ? Mutable<S> : [S]) => Tensor,
  body: (...state: S extends readonly TensorTree[] ? Mutable<S> : [S]) => S | TensorTree,
  loopVars: S,
  maximumIterations?: number | WhileLoopOptions,
): S {
  const options = leading<WhileLoopOptions>('maximumIterations', maximumIterations, undefined);
  checkFunctions('whileLoop', { cond: condition, body });
  const { maximumIterations: most } = options;
  if (most !== undefined && !isCount(most, 0)) {
    throw invalid('whileLoop', "bad 'maximumIterations'", 'a whole number, 0 or more', `${most}`);
  }
  const isList = Array.isArray(loopVars);
  const opened = open(isList ? loopVars : [loopVars]);
  const given = (tensors: readonly Tensor[]): never => opened.fill(tensors) as never;
  const listed = (tree: unknown): unknown => (isList && (loopVars.length !== 1 || Array.isArray(tree)) ? tree : [tree]);
  const results = prim.whileLoop(
    (...tensors) => truth(condition(...(given(tensors) as never[] as never))),
    (...tensors) => openLike('whileLoop', opened, listed(body(...(given(tensors) as never[] as never)))),
    opened.tensors,
    options,
  );
  const final = opened.fill(results) as readonly unknown[];
  return (isList ? final : final[0]) as S;
}

function truth(condition: TensorLike): Tensor {
  const holds = asTensor(condition);
  if (holds.dtype === 'bool' && holds.rank === 0) return holds;
  throw invalid('whileLoop', 'the condition is not one truth value', 'a bool scalar', typeOf(holds));
}

type Mutable<T extends readonly unknown[]> = { -readonly [K in keyof T]: T[K] };

/**
 * The state after `body(i, state)` for i from `lower` to below `upper`. Numbers as bounds make a loop that has gradients.
 * @throws INVALID_ARGUMENT for bounds that are no integer scalars, and when the body changes structure or types of the state.
 */
export function foriLoop<S extends TensorTree>(
  lower: number | Tensor,
  upper: number | Tensor,
  body: (index: Tensor, state: S) => S,
  initial: S,
): S {
  checkFunctions('foriLoop', { body });
  const opened = open(initial);
  const results = prim.forLoop(
    ...boundsOf(lower, upper),
    (index, ...tensors) => openLike('foriLoop', opened, body(index, opened.fill(tensors) as S)),
    opened.tensors,
  );
  return opened.fill(results) as S;
}

/** Bounds of one dtype: numbers are int32. */
function boundsOf(...bounds: [number | Tensor, number | Tensor]): [number | Tensor, number | Tensor] {
  for (const bound of bounds) {
    if (isTensor(bound)) {
      if (bound.rank === 0 && isInteger(bound.dtype)) continue;
      throw invalid('foriLoop', 'bad bound', 'an integer scalar', typeOf(bound));
    }
    if ((bound | 0) !== bound) throw invalid('foriLoop', 'bad bound', 'an integer of 32 bits', `${bound}`);
  }
  if (bounds.every((bound) => typeof bound === 'number')) return bounds;
  const dtype = promoteTypes(...bounds.map((bound) => (isTensor(bound) ? bound.dtype : 'int32')));
  return bounds.map((bound) => castTo(asTensor(bound, isTensor(bound) ? undefined : 'int32'), dtype)) as [
    Tensor,
    Tensor,
  ];
}

export interface ScanLoopOptions {
  /** How many iterations; needed when there are no elements. */
  readonly length?: number | undefined;
  readonly reverse?: boolean | undefined;
  /** How many iterations run in a row in one of the loop's: less goes through memory, and the program is larger. True: all. Default 1. */
  readonly unroll?: number | boolean | undefined;
  /** Gradients keep the carry of every so many iterations and compute the rest again: less memory, more time. */
  readonly checkpointEvery?: number | undefined;
}

/**
 * Runs `f(carry, slice)`, which gives the next carry and an output, over the slices of `xs` along the first axis: the final carry and
 * the outputs, stacked.
 * @throws INVALID_ARGUMENT when the carry changes its structure or a type, with the place in it; SHAPE_MISMATCH when elements differ in length.
 */
export function scan<C extends TensorTree, X extends TensorTree, Y extends TensorTree>(
  f: (carry: C, slice: X) => readonly [C, Y],
  init: C,
  xs?: X,
  options: ScanLoopOptions = {},
): [C, Y] {
  checkFunctions('scan', { f });
  const carry = open(init);
  const elements = open(xs ?? null);
  const { length, reverse, checkpointEvery, unroll = 1 } = options;
  if (length === undefined || elements.tensors.length > 0) checkSlices('scan', elements.tensors);
  else if (!isCount(length, 0)) throw invalid('scan', "bad 'length'", 'a whole number, 0 or more', `${length}`);
  const times = unroll === true ? Number.POSITIVE_INFINITY : unroll === false ? 1 : unroll;
  if (times !== Number.POSITIVE_INFINITY && !isCount(times, 1)) {
    throw invalid('scan', "bad 'unroll'", 'a whole number, 1 or more, or true for all', `${unroll}`);
  }
  if (checkpointEvery !== undefined && !isCount(checkpointEvery, 1)) {
    throw invalid('scan', "bad 'checkpointEvery'", 'a whole number, 1 or more', `${checkpointEvery}`);
  }
  if (checkpointEvery !== undefined && times > 1) {
    throw invalid('scan', "both 'checkpointEvery' and 'unroll'", 'one of them', `${checkpointEvery} and ${unroll}`);
  }
  let outputs: Opened | undefined;
  const body: prim.ScanBody = (carries, slices) => {
    const pair = f(carry.fill(carries) as C, elements.fill(slices) as X);
    if (!Array.isArray(pair) || pair.length !== 2) {
      throw invalid(
        'scan',
        'the function gives no pair',
        '[next carry, output]',
        Array.isArray(pair) ? `${pair.length} values` : typeof pair,
      );
    }
    outputs = open(pair[1]);
    return [openLike('scan', carry, pair[0]), outputs.tensors];
  };
  const [final, stacks] =
    checkpointEvery === undefined
      ? prim.unrolledScan(body, carry.tensors, elements.tensors, times, { length, reverse })
      : prim.checkpointedScan(body, carry.tensors, elements.tensors, checkpointEvery, { length, reverse });
  return [carry.fill(final) as C, outputs!.fill(stacks) as Y];
}

function isCount(value: number, least: number): boolean {
  return Number.isInteger(value) && value >= least;
}

/**
 * `f` on each slice of `xs` along the first axis, the results stacked. One after the other: memory of one at a time.
 * @throws SHAPE_MISMATCH for scalars and for tensors that differ in length.
 */
export function map<X extends TensorTree, Y extends TensorTree>(f: (slice: X) => Y, xs: X): Y {
  checkFunctions('map', { f });
  const elements = open(xs);
  checkSlices('map', elements.tensors);
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

/**
 * The combinations of the first 1, 2, … slices by an associative function, in logarithmic depth.
 * @throws INVALID_ARGUMENT when the function changes structure or types; SHAPE_MISMATCH for scalars and tensors that differ in length.
 */
export function associativeScan<X extends TensorTree>(
  f: (earlier: X, later: X) => X,
  elems: X,
  reverse?: boolean | AssociativeScanLoopOptions,
): X {
  const options = leading<AssociativeScanLoopOptions>('reverse', reverse, undefined);
  checkFunctions('associativeScan', { f });
  const opened = open(elems);
  const rank = Math.min(...opened.tensors.map((tensor) => tensor.rank));
  if (!(rank > 0 && rank < Number.POSITIVE_INFINITY)) checkSlices('associativeScan', opened.tensors);
  const results = prim.associativeScan(
    (a, b) => openLike('associativeScan', opened, f(opened.fill(a) as X, opened.fill(b) as X), a),
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
  checkFunctions('vectorizedMap', { fn });
  const opened = open(elements);
  checkSlices('vectorizedMap', opened.tensors);
  let outputs: Opened | undefined;
  const results = mapItems((tensors: readonly Tensor[]) => {
    outputs = open(fn(opened.fill(tensors) as X));
    return outputs.tensors;
  })(opened.tensors);
  return outputs!.fill(results) as Y;
}
