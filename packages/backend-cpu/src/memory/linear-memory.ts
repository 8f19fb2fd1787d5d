import { CeratopsError, type HostArray, type HostArrayConstructor } from '@ceratops/kernel-registry';
import { WebAssembly, type WebAssemblyMemory } from '../platform/globals.js';
import { Allocator } from './allocator.js';

const pageBytes = 65536;
/** WebAssembly's 32-bit limit. */
export const maximumPages = 65536;
/** Kernels load whole vectors: up to this many bytes behind a buffer may be read, never written. */
const guardBytes = 256;

export interface LinearMemoryOptions {
  readonly shared: boolean;
  /** Bytes below this address are the caller's own. */
  readonly reservedBytes: number;
  readonly limitBytes: number;
}

/** The one WebAssembly memory of a backend, with its allocator and its accounting. */
export class LinearMemory {
  readonly memory: WebAssemblyMemory;
  peakBytes = 0;
  readonly #allocator: Allocator;
  readonly #limitBytes: number;
  readonly #views: Map<HostArrayConstructor, HostArray> = new Map();

  constructor({ shared, reservedBytes, limitBytes }: LinearMemoryOptions) {
    this.#limitBytes = Math.min(limitBytes, maximumPages * pageBytes);
    this.memory = new WebAssembly.Memory({ initial: 16, maximum: maximumPages, shared });
    this.#allocator = new Allocator(reservedBytes);
    this.#allocator.extend(this.bytes.length - guardBytes);
  }

  get liveBytes(): number {
    return this.#allocator.usedBytes;
  }

  /** All of the memory; ask again after an allocation, which may have moved it. */
  get bytes(): Uint8Array {
    return this.#viewOf(Uint8Array) as Uint8Array;
  }

  /** The same in words of 32 bits. */
  get words(): Uint32Array {
    return this.#viewOf(Uint32Array) as Uint32Array;
  }

  #viewOf(host: HostArrayConstructor): HostArray {
    let view = this.#views.get(host);
    if (view?.buffer !== this.memory.buffer) this.#views.set(host, (view = new host(this.memory.buffer)));
    return view!;
  }

  /** Copies an array to an address that is a multiple of its elements' bytes. Small arrays are not worth a view of their bytes. */
  write(host: HostArrayConstructor, data: HostArray, address: number): void {
    (this.#viewOf(host) as Uint8Array).set(data as Uint8Array, address / host.BYTES_PER_ELEMENT);
  }

  /** @throws CeratopsError OUT_OF_MEMORY over the budget, or where the engine gives no more. */
  allocate(bytes: number, purpose: string): number {
    if (this.liveBytes + bytes > this.#limitBytes) throw this.#exhausted(bytes, purpose);
    let address = this.#allocator.allocate(bytes);
    if (address === undefined) {
      this.#grow(this.#allocator.shortage(bytes), bytes, purpose);
      address = this.#allocator.allocate(bytes)!;
    }
    this.peakBytes = Math.max(this.peakBytes, this.liveBytes);
    return address;
  }

  free(address: number): void {
    this.#allocator.free(address);
  }

  #grow(shortage: number, bytes: number, purpose: string): void {
    const have = this.memory.buffer.byteLength / pageBytes;
    const needed = Math.ceil(shortage / pageBytes) + 1;
    // A quarter more each time keeps the number of growths, and of new views, small.
    const generous = Math.min(Math.max(needed, Math.ceil(have / 4)), maximumPages - have);
    if (have + needed > maximumPages) throw this.#exhausted(bytes, purpose);
    if (!this.#tryGrow(generous) && !this.#tryGrow(needed)) throw this.#exhausted(bytes, purpose);
    this.#allocator.extend(this.bytes.length - guardBytes);
  }

  #tryGrow(pages: number): boolean {
    try {
      this.memory.grow(pages);
      return true;
    } catch {
      return false;
    }
  }

  #exhausted(bytes: number, purpose: string): CeratopsError {
    return new CeratopsError('OUT_OF_MEMORY', `no room for ${purpose} of ${bytes} bytes`, {
      subject: 'cpu',
      expected: `at most ${this.#limitBytes} bytes in use (memoryLimitBytes)`,
      received: `${this.liveBytes} bytes in use`,
      remedy:
        'dispose tensors earlier (`using`, dispose()), use smaller batches, or raise memoryLimitBytes (up to 4 GiB)',
    });
  }
}
