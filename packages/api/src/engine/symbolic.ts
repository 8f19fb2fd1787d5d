/**
 * Shape inference by abstract tracing: a function is traced twice with two stand-ins for every unknown size; output sizes
 * that differ between the traces are unknown too. Nothing runs.
 */

import { evalShape, isTensor, isVariable, type Tensor } from '@ceratops/core';
import { CeratopsError, type TensorType, tensorType } from '@ceratops/kernel-registry';
import { isKerasTensor, KerasTensor, type SymbolicShape } from './keras-tensor.js';
import { show } from './show.js';
import { flatten, mapTree, packAs } from './tree.js';

/** Two sizes far apart, so that strides and pooling keep them apart, and with many divisors. */
const standIns = [240, 360] as const;

function concrete(shape: SymbolicShape, standIn: number): number[] {
  return shape.map((size) => size ?? standIn);
}

/**
 * The symbolic outputs of `fn` for arguments that hold symbolic tensors anywhere.
 * @throws what `fn` throws.
 */
export function inferOutputs(fn: (...parameters: never[]) => unknown, parameters: readonly unknown[]): unknown {
  const symbolic = flatten(parameters).filter(isKerasTensor);
  const [first, second] = standIns.map((standIn) => traceWith(fn, parameters, symbolic, standIn));
  const leaves = first!.types.map(({ dtype, shape }, i) => {
    const other = second!.types[i]!.shape;
    if (shape.length !== other.length) {
      throw new CeratopsError('SHAPE_MISMATCH', 'the rank of an output depends on an unknown size');
    }
    return new KerasTensor(
      shape.map((size, axis) => (size === other[axis] ? size : null)),
      dtype,
    );
  });
  return packAs(first!.structure, leaves);
}

/** What a function of tensors returned. @throws INVALID_ARGUMENT unless all of it is tensors. */
export function requireOutputs(outputs: unknown): Tensor[] {
  const leaves = flatten<Tensor>(outputs);
  const isSound = (leaf: unknown): boolean => isTensor(leaf) || isVariable(leaf);
  if (leaves.length > 0 && leaves.every(isSound)) return leaves;
  throw new CeratopsError('INVALID_ARGUMENT', 'what it returned is no tensor', {
    expected: 'a tensor, or a list or record of them',
    received: leaves.length === 0 ? 'nothing' : show(leaves.find((leaf) => !isSound(leaf))),
  });
}

interface Traced {
  /** What the function returned, with tensors of a finished trace as leaves. */
  readonly structure: unknown;
  readonly types: readonly TensorType[];
}

function traceWith(
  fn: (...parameters: never[]) => unknown,
  parameters: readonly unknown[],
  symbolic: readonly KerasTensor[],
  standIn: number,
): Traced {
  let structure: unknown;
  const body = (tensors: Tensor[]): Tensor[] => {
    let next = 0;
    const filled = mapTree<unknown[]>(parameters, (leaf) => (isKerasTensor(leaf) ? tensors[next++] : leaf));
    structure = fn(...(filled as never[]));
    return requireOutputs(structure);
  };
  const specs = symbolic.map(({ dtype, shape }) => tensorType(dtype, concrete(shape, standIn)));
  const types = evalShape(body, specs) as readonly TensorType[];
  return { structure, types };
}
