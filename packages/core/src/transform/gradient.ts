/** Reverse-mode differentiation of functions of tensors, gradients of gradients included. */
import { CeratopsError, formatType } from '@ceratops/kernel-registry';
import { bringFolds } from '@ceratops/kernel-registry/emit';
import { isDifferentiable } from '@ceratops/kernel-registry/tracing';
import type { Node } from '../graph/node.js';
import { nodeKey, Tensor } from '../tensor/tensor.js';
import type { Tree } from '../tree.js';
import type { Variable } from '../variable.js';
import {
  callWith,
  checkLoss,
  filled,
  firstOrderGradients,
  linearise,
  lossGradients,
  type Opened,
  settleResults,
} from './first-order.js';
import { openTree, type Traced } from './trace.js';

export interface GradOptions {
  /** Which arguments to differentiate with respect to. Default 0. */
  readonly argnums?: number | readonly number[] | undefined;
  /** `fn` returns [value, auxiliary tree]; only the value is differentiated. */
  readonly hasAux?: boolean | undefined;
}

type FirstArgument = GradOptions & { readonly argnums?: 0 | undefined };

/**
 * `fn` with its gradient: (…args) → [value, gradients]. The gradients have the tree of the chosen argument, or are an array of such
 * trees when `argnums` is an array. With `hasAux` the value is [value, auxiliary].
 */
export function valueAndGrad<A extends readonly [unknown, ...unknown[]], R>(
  fn: (...args: A) => R,
  options?: FirstArgument,
): (...args: A) => [R, A[0]];
export function valueAndGrad<A extends readonly unknown[], R>(
  fn: (...args: A) => R,
  options?: GradOptions,
): (...args: A) => [R, unknown];
export function valueAndGrad<A extends readonly unknown[], R>(
  fn: (...args: A) => R,
  options: GradOptions = {},
): (...args: A) => [R, unknown] {
  bringFolds();
  const label = fn.name || 'valueAndGrad';
  const { argnums = 0 } = options;
  const chosen: readonly number[] = typeof argnums === 'number' ? [argnums] : argnums;
  return (...args: A) => {
    const opened = args.map(openTree);
    const offsets = opened.map((_, i) => opened.slice(0, i).reduce((sum, { tensors }) => sum + tensors.length, 0));
    const wrt = chosen.flatMap((i) => checkArgument(label, opened, i).tensors.map((_, k) => offsets[i]! + k));
    const all = opened.flatMap(({ tensors }) => tensors);
    const linearised = linearise(label, all, (inputs) => callWith(fn, opened, inputs), {
      wrt: () => wrt,
      of: (traced) => {
        checkLoss(label, traced);
        return [0];
      },
    });
    const types = wrt.map((index) => all[index]![nodeKey].type);
    const gradients = lossGradients(linearised, types);
    const { traced, outputs } = linearised;
    const value = traced.fill(outputs.slice(0, traced.outputs.length).map((node) => new Tensor(node))) as R;
    settleResults(gradients);
    let next = 0;
    const trees = chosen.map((i) => {
      const { tensors, fill } = opened[i]!;
      return fill(gradients.slice(next, (next += tensors.length)));
    });
    return [value, typeof argnums === 'number' ? trees[0] : trees];
  };
}

function checkArgument(label: string, opened: readonly Opened[], index: number): Opened {
  const argument = opened[index];
  if (argument !== undefined && argument.tensors.length > 0) return argument;
  throw new CeratopsError('INVALID_ARGUMENT', 'no tensor to differentiate with respect to', {
    subject: `${label}, argument ${index}`,
    expected: 'a tree with tensors',
    received: argument === undefined ? `${opened.length} arguments` : 'none',
  });
}

/** The gradient of `fn` alone: (…args) → gradients, or [gradients, auxiliary] with `hasAux`. */
export function grad<A extends readonly [unknown, ...unknown[]]>(
  fn: (...args: A) => unknown,
  options?: FirstArgument & { readonly hasAux?: false | undefined },
): (...args: A) => A[0];
export function grad<A extends readonly unknown[]>(
  fn: (...args: A) => unknown,
  options?: GradOptions,
): (...args: A) => unknown;
export function grad<A extends readonly unknown[]>(
  fn: (...args: A) => unknown,
  options: GradOptions = {},
): (...args: A) => unknown {
  const both: (...args: A) => [unknown, unknown] = valueAndGrad(fn, options);
  return (...args: A) => {
    const [value, gradients] = both(...args);
    return options.hasAux ? [gradients, (value as readonly unknown[])[1]] : gradients;
  };
}

/**
 * The value of `fn`, and a function from cotangents (a tree like the value) to one gradient tree per primal. Both are recorded in
 * the frame in which `vjp` is called.
 */
export function vjp<A extends readonly unknown[], R>(
  fn: (...args: A) => R,
  ...primals: A
): [R, (cotangents: Tree<Tensor>) => unknown[]] {
  bringFolds();
  const label = fn.name || 'vjp';
  const opened = primals.map(openTree);
  const all = opened.flatMap(({ tensors }) => tensors);
  const wrt = all.flatMap(({ [nodeKey]: node }, i) => (isDifferentiable(node.type) ? [i] : []));
  const differentiable = ({ outputs }: Traced): number[] =>
    outputs.flatMap(({ type }, i) => (isDifferentiable(type) ? [i] : []));
  const { traced, outputs, recording } = linearise(label, all, (inputs) => callWith(fn, opened, inputs), {
    wrt: () => wrt,
    of: differentiable,
  });
  const own = outputs.slice(0, traced.outputs.length);
  const value = traced.fill(own.map((node) => new Tensor(node))) as R;
  const of = differentiable(traced);
  const pullback = (cotangents: Tree<Tensor>): unknown[] => {
    const given = openTree(cotangents).tensors;
    checkCotangents(label, own, given);
    const found = recording.backward(of.map((index) => given[index]![nodeKey]));
    const gradients = all.map(({ [nodeKey]: { type } }, i) => {
      const position = wrt.indexOf(i);
      const node = position < 0 ? undefined : (found[position] as Node | undefined);
      return new Tensor(node ?? filled(type, 0));
    });
    let next = 0;
    return opened.map(({ tensors, fill }) => fill(gradients.slice(next, (next += tensors.length))));
  };
  return [value, pullback];
}

function checkCotangents(label: string, outputs: readonly Node[], given: readonly Tensor[]): void {
  const expected = outputs.map(({ type }) => formatType(type)).join(', ');
  const received = given.map(({ [nodeKey]: { type } }) => formatType(type)).join(', ');
  if (expected === received) return;
  throw new CeratopsError('SHAPE_MISMATCH', 'cotangents do not fit the value', { subject: label, expected, received });
}

/**
 * `fn` with its gradients with respect to the current values of variables: (…args) → [value, one gradient per variable]. The first
 * tensor of the value is the loss. What `fn` writes to variables takes effect in the surrounding frame.
 */
export function valueAndGradVariables<A extends readonly unknown[], R>(
  fn: (...args: A) => R,
  variables: readonly Variable[],
): (...args: A) => [R, Tensor[]] {
  bringFolds();
  return firstOrderGradients(fn, variables);
}
