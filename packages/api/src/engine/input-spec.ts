/** What a layer demands of its input: rank, dtype, sizes of some axes. Checked before anything is built or changed. */

import type { DType, ErrorCode } from '@ceratops/kernel-registry';
import { CeratopsError } from '@ceratops/kernel-registry';
import { formatShape, type SymbolicShape } from './keras-tensor.js';
import { flatten } from './tree.js';

export interface InputSpec {
  readonly name?: string | undefined;
  readonly dtype?: DType | undefined;
  /** Sizes by position; null matches anything. Ranks must be equal. */
  readonly shape?: SymbolicShape | undefined;
  readonly rank?: number | undefined;
  readonly minRank?: number | undefined;
  readonly maxRank?: number | undefined;
  /** Sizes of single axes; negative axes count from the end. */
  readonly axes?: { readonly [axis: number]: number | null } | undefined;
  /** A missing last axis of size 1, or one too many, is accepted (functional models). */
  readonly allowLastAxisSqueeze?: boolean | undefined;
}

/** Any one tensor: not a list, not a record. */
export const oneTensor: InputSpec = {};

export type InputSpecs = InputSpec | readonly (InputSpec | undefined)[];

/** @throws SHAPE_MISMATCH or DTYPE_MISMATCH naming the layer, what it expected and what came. */
export function assertCompatible(layer: string, specs: InputSpecs, inputs: unknown): void {
  const list = Array.isArray(specs) ? (specs as readonly (InputSpec | undefined)[]) : [specs as InputSpec];
  const leaves = flatten(inputs);
  const fail = (code: ErrorCode, problem: string, expected: string, received: string, remedy?: string): never => {
    throw new CeratopsError(code, problem, { subject: layer, expected, received, remedy });
  };
  if (!Array.isArray(specs) && !hasShape(inputs)) {
    const received = Array.isArray(inputs) ? `a list of ${leaves.length}` : 'a record';
    fail('SHAPE_MISMATCH', 'wrong number of inputs', '1 tensor', received);
  }
  if (leaves.length !== list.length)
    fail('SHAPE_MISMATCH', 'wrong number of inputs', `${list.length}${named(list)}`, `${leaves.length}`);
  list.forEach((spec, i) => {
    const tensor = leaves[i];
    if (spec === undefined || !hasShape(tensor)) return;
    const which = spec.name === undefined ? (list.length > 1 ? `input ${i}` : 'the input') : `input '${spec.name}'`;
    const received = `shape ${formatShape(tensor.shape)}`;
    const problem = mismatch(spec, tensor.shape);
    if (problem !== undefined)
      fail('SHAPE_MISMATCH', `${which} does not fit`, problem, received, remedyFor(spec, tensor.shape));
    if (spec.dtype !== undefined && tensor.dtype !== spec.dtype)
      fail('DTYPE_MISMATCH', `${which} does not fit`, spec.dtype, tensor.dtype);
  });
}

function named(specs: readonly (InputSpec | undefined)[]): string {
  const names = specs.flatMap((spec) => (spec?.name === undefined ? [] : [spec.name]));
  return names.length === 0 ? '' : `: ${names.join(', ')}`;
}

/** A tensor, a symbolic one, or an array that knows its shape. */
function hasShape(value: unknown): value is { readonly shape: SymbolicShape; readonly dtype: DType } {
  return typeof value === 'object' && value !== null && 'shape' in value && 'dtype' in value;
}

/** The usual reason: one sample is given where a batch of samples goes. */
function remedyFor({ shape, rank, minRank }: InputSpec, given: SymbolicShape): string | undefined {
  if (given.includes(null)) return undefined;
  const sample = shape?.slice(1);
  const isSample =
    sample === undefined
      ? given.length + 1 === (rank ?? minRank)
      : fits(sample, given) || (sample.at(-1) === 1 && fits(sample.slice(0, -1), given));
  return isSample ? 'one sample needs a batch axis in front: [sample], or ops.expandDims(sample, 0)' : undefined;
}

function mismatch(spec: InputSpec, shape: SymbolicShape): string | undefined {
  const { rank, minRank, maxRank, axes = {}, allowLastAxisSqueeze = false } = spec;
  if (!allowLastAxisSqueeze && rank !== undefined && shape.length !== rank) return `rank ${rank}`;
  if (minRank !== undefined && shape.length < minRank) return `rank ${minRank} or more`;
  if (maxRank !== undefined && shape.length > maxRank) return `rank ${maxRank} or less`;
  for (const [key, size] of Object.entries(axes)) {
    const found = shape.at(Number(key)) ?? null;
    if (size !== null && found !== null && found !== size) return `size ${size} on axis ${key}`;
  }
  if (spec.shape === undefined || fits(spec.shape, shape)) return undefined;
  if (allowLastAxisSqueeze && fits(squeezed(spec.shape), squeezed(shape))) return undefined;
  return `shape ${formatShape(spec.shape)}`;
}

function fits(expected: SymbolicShape, shape: SymbolicShape): boolean {
  if (expected.length !== shape.length) return false;
  return expected.every((size, axis) => size === null || shape[axis] === null || size === shape[axis]);
}

function squeezed(shape: SymbolicShape): SymbolicShape {
  return shape.at(-1) === 1 ? shape.slice(0, -1) : shape;
}
