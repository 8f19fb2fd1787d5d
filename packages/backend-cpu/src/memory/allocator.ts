/**
 * Places in one linear memory: blocks in address order, free ones also in bins by size, so that both ends of a buffer's
 * life cost a few steps and neighbours join again.
 */

interface Block {
  readonly address: number;
  size: number;
  free: boolean;
  previous: Block | undefined;
  next: Block | undefined;
}

export const alignment = 64;
const binsPerDoubling = 4;

export class Allocator {
  /** Address of the last free end, grown by `extend`. */
  #end: number;
  #last: Block | undefined;
  readonly #bins: Block[][] = [];
  readonly #used: Map<number, Block> = new Map();
  /** What all allocations occupy. */
  usedBytes = 0;

  constructor(start: number) {
    this.#end = start;
  }

  /** Hands memory up to `end` to the allocator. */
  extend(end: number): void {
    if (end <= this.#end) return;
    const block: Block = {
      address: this.#end,
      size: end - this.#end,
      free: true,
      previous: this.#last,
      next: undefined,
    };
    if (this.#last !== undefined) this.#last.next = block;
    this.#last = block;
    this.#end = end;
    this.#release(block);
  }

  /** How much `extend` has to add for an allocation of `bytes`, if that does not fit now. */
  shortage(bytes: number): number {
    const tail = this.#last?.free ? this.#last.size : 0;
    return roundUp(bytes) - tail;
  }

  /** Undefined when no free block is large enough. */
  allocate(bytes: number): number | undefined {
    const size = roundUp(bytes);
    const block = this.#find(size);
    if (block === undefined) return undefined;
    this.#unlist(block);
    if (block.size > size) this.#split(block, size);
    block.free = false;
    this.#used.set(block.address, block);
    this.usedBytes += size;
    return block.address;
  }

  free(address: number): void {
    const block = this.#used.get(address);
    if (block === undefined) throw new Error(`no allocation at ${address}`);
    this.#used.delete(address);
    this.usedBytes -= block.size;
    this.#release(block);
  }

  #find(size: number): Block | undefined {
    const first = binOf(size);
    const fitting = this.#bins[first]?.find((block) => block.size >= size);
    if (fitting !== undefined) return fitting;
    for (let bin = first + 1; bin < this.#bins.length; bin++) {
      const block = this.#bins[bin]?.at(-1);
      if (block !== undefined) return block;
    }
    return undefined;
  }

  #split(block: Block, size: number): void {
    const rest: Block = {
      address: block.address + size,
      size: block.size - size,
      free: true,
      previous: block,
      next: block.next,
    };
    if (block.next === undefined) this.#last = rest;
    else block.next.previous = rest;
    block.next = rest;
    block.size = size;
    this.#list(rest);
  }

  /** Lists a block as free, joined with its free neighbours. */
  #release(block: Block): void {
    const { previous, next } = block;
    if (next?.free) {
      this.#unlist(next);
      this.#join(block, next);
    }
    if (previous?.free) {
      this.#unlist(previous);
      this.#join(previous, block);
      this.#list(previous);
    } else this.#list(block);
  }

  #join(left: Block, right: Block): void {
    left.size += right.size;
    left.next = right.next;
    if (right.next === undefined) this.#last = left;
    else right.next.previous = left;
  }

  #list(block: Block): void {
    block.free = true;
    (this.#bins[binOf(block.size)] ??= []).push(block);
  }

  #unlist(block: Block): void {
    const bin = this.#bins[binOf(block.size)]!;
    const at = bin.indexOf(block);
    const moved = bin.pop()!;
    if (moved !== block) bin[at] = moved;
  }
}

function roundUp(bytes: number): number {
  return Math.max(alignment, Math.ceil(bytes / alignment) * alignment);
}

/** Sizes in one bin differ by less than a quarter of a doubling. */
function binOf(size: number): number {
  const units = size / alignment;
  const doubling = 31 - Math.clz32(units);
  return (doubling - 1) * binsPerDoubling + ((units * binsPerDoubling) >> doubling);
}
