import type { Plan, PlanBuffer } from '@ceratops/compiler';
import type { FunctionWriter } from '../wasm/function-writer.js';
import * as memoryOp from '../wasm/memory-op.js';
import * as op from '../wasm/op.js';

/**
 * Where a buffer lies at run time: `offset` behind the address in slot `slot` of the program's address table, or behind the
 * table itself. Code names no other address, so that it runs wherever its table is.
 */
export interface Place {
  readonly slot: number | undefined;
  readonly offset: number;
}

/** Slots of the address table: inputs, outputs, then these. */
export interface TableLayout {
  readonly inputs: number;
  readonly outputs: number;
}

/** `scratchStride` holds a number of bytes: each thread's scratch lies that much behind the one before. */
export type OwnSlot = 'arena' | 'workspace' | 'scratch' | 'scratchStride';

const ownSlots: readonly OwnSlot[] = ['arena', 'workspace', 'scratch', 'scratchStride'];

export function ownSlot({ inputs, outputs }: TableLayout, slot: OwnSlot): number {
  return inputs + outputs + ownSlots.indexOf(slot);
}

export function tableBytes({ inputs, outputs }: TableLayout): number {
  return (inputs + outputs + ownSlots.length) * 4;
}

/** Where constant data lies behind the table, by its buffer. */
export type ConstantOffset = (buffer: number) => number;

/** Places of the buffers of a whole program's plan. */
export function placesOf(plan: Plan, layout: TableLayout, constant: ConstantOffset): Place[] {
  return resolve(plan, constant, {
    input: (index) => ({ slot: index, offset: 0 }),
    output: (index) => ({ slot: layout.inputs + index, offset: 0 }),
    arena: { slot: ownSlot(layout, 'arena'), offset: 0 },
  });
}

/** Where a plan's buffers are that it does not place itself. */
export interface Surroundings {
  readonly input: (index: number) => Place;
  readonly output: (index: number) => Place;
  readonly arena: Place;
}

export function resolve({ buffers }: Plan, constant: ConstantOffset, { input, output, arena }: Surroundings): Place[] {
  const resolvePlace = ({ place }: PlanBuffer, buffer: number): Place => {
    switch (place.kind) {
      case 'input':
        return input(place.index);
      case 'output':
        return output(place.index);
      case 'constant':
        return { slot: undefined, offset: constant(buffer) };
      case 'temporary':
        return { slot: arena.slot, offset: arena.offset + place.offset };
    }
  };
  return buffers.map(resolvePlace);
}

export function pushPlace(f: FunctionWriter, { slot, offset }: Place): void {
  f.global(0);
  if (slot !== undefined) f.memory(memoryOp.i32Load, slot * 4);
  if (offset === 0) return;
  f.i32(offset);
  f.op(op.i32Add);
}
