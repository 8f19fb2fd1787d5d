/** Memory and addresses of an item: a block of tiles. */

import type { FunctionWriter, Local } from '../../wasm/function-writer.js';
import * as op from '../../wasm/op.js';
import { rowEntry } from '../microkernel.js';
import { type Plan, points } from './plan.js';

/** Bytes of a tile in the table of outputs: the addresses of its four pixels. */
export const outputEntry = 16;

/** Offsets in scratch memory. */
export interface Layout {
  /** Of the table of rows of the products, at 0, then of the tiles' outputs. */
  readonly outputs: number;
  /** A pixel of zeros, which is what lies outside the input, and one for outputs that are not there. */
  readonly zero: number;
  readonly nowhere: number;
  /** Transformed input: points, tiles, inputs. Products with a panel: points, tiles, features. */
  readonly input: number;
  readonly products: number;
  readonly inputPoint: number;
  readonly productPoint: number;
  readonly bytes: number;
}

export function layoutOf({ convolution, block, registers }: Plan): Layout {
  const { inputs, features } = convolution;
  const outputs = block * rowEntry;
  const zero = outputs + block * outputEntry;
  const nowhere = zero + inputs * 4;
  const input = nowhere + features * 4;
  const inputPoint = block * inputs * 4;
  const products = input + points * inputPoint;
  const productPoint = block * registers.vectors * 16;
  const bytes = products + points * productPoint;
  return { outputs, zero, nowhere, input, products, inputPoint, productPoint, bytes };
}

export interface Work {
  readonly f: FunctionWriter;
  readonly plan: Plan;
  readonly layout: Layout;
  readonly scratch: Local;
  /** Addresses of the input, the transformed kernel, the result. */
  readonly a: Local;
  readonly b: Local;
  readonly c: Local;
  /** The item's first tile, and how many it has. */
  readonly first: Local;
  readonly count: Local;
}

/** Pushes an address in scratch memory. */
export function pushScratch({ f, scratch }: Work, offset: number): void {
  f.get(scratch);
  f.i32(offset);
  f.op(op.i32Add);
}
