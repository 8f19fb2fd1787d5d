/** Buffers of recently used scalars: eager loops use the same few numbers again and again. */
import type { HostArray } from '@ceratops/kernel-registry';
import type { ValueType } from '../graph/value-type.js';
import type { Buffer } from './buffer.js';

const capacity = 1024;

export class ScalarBuffers {
  /** In order of insertion. What falls out is freed by its finaliser once nobody uses it. */
  readonly #buffers: Map<string, Buffer> = new Map();
  readonly #members: WeakSet<Buffer> = new WeakSet();

  get(type: ValueType, data: HostArray, upload: () => Buffer): Buffer {
    const key = `${type.id}:${Object.is(data[0], -0) ? '-0' : data.join()}`;
    const known = this.#buffers.get(key);
    if (known !== undefined && known.error === null) return known;
    const buffer = upload();
    this.#buffers.set(key, buffer);
    this.#members.add(buffer);
    if (this.#buffers.size > capacity) {
      const [oldest] = this.#buffers.keys();
      this.#buffers.delete(oldest!);
    }
    return buffer;
  }

  /** True for buffers that several nodes may share. */
  owns(buffer: Buffer): boolean {
    return this.#members.has(buffer);
  }
}
