/** What a scan is made of, for its rules. */
import type { Emitter, Value } from '../../builder.js';
import type { CompositeAttributes } from '../../composite.js';
import type { Program } from '../../program.js';
import { type TensorType, tensorType } from '../../tensor-type.js';

export const scanName = 'ceratops.scan@1';

export type ScanAttributes = {
  /** (constants…, carries…, slices of the elements…) → (carries…, slices of the stacks…). */
  readonly body: Program;
  /** How many of the operands are constants. */
  readonly constants: number;
  /** How many of the operands are carries. */
  readonly carries: number;
  readonly length: number;
  /** From the last element to the first. Stacks stay in the order of the elements. */
  readonly reverse: boolean;
};

export function scanAttributes(attributes: CompositeAttributes): ScanAttributes {
  return attributes as ScanAttributes;
}

/** The type of all slices together. */
export function stackType({ dtype, shape }: TensorType, length: number): TensorType {
  return tensorType(dtype, [length, ...shape]);
}

export interface ScanOperands {
  readonly constants: readonly Value[];
  readonly carries: readonly Value[];
  readonly elements: readonly Value[];
}

export interface ScanResults {
  readonly carries: readonly Value[];
  readonly stacks: readonly Value[];
}

/** Emits a scan whose definition is registered: for those who have one already. */
export function emitAgain(
  emitter: Emitter,
  { constants, carries, elements }: ScanOperands,
  how: Pick<ScanAttributes, 'body' | 'length' | 'reverse'>,
): ScanResults {
  const attributes: ScanAttributes = { ...how, constants: constants.length, carries: carries.length };
  const operands = [...constants, ...carries, ...elements];
  const results = emitter.emit('composite', operands, { name: scanName, attributes });
  return { carries: results.slice(0, carries.length), stacks: results.slice(carries.length) };
}
