/** Buffers of recently used scalars: eager loops use the same few numbers again and again. */
import type { HostArray } from '@ceratops/kernel-registry';
import type { ValueType } from '../graph/value-type.js';
import type { Buffer } from './buffer.js';

const capacity = 1024;

type Key = number | bigint | string;
type ScalarsOfType = Map<Key, Buffer>;

interface Entry {
  readonly scalars: ScalarsOfType;
  readonly key: Key;
  readonly buffer: Buffer;
}

export class ScalarBuffers {
  readonly #types: Map<number, ScalarsOfType> = new Map();
  /** A ring: the oldest entry gives way. To ask a Map for its oldest key would take long, since it steps over all that were deleted. */
  readonly #entries: Entry[] = [];
  #next = 0;
  readonly #evicted: Buffer[] = [];

  get(type: ValueType, data: HostArray, upload: () => Buffer): Buffer {
    let scalars = this.#types.get(type.id);
    if (scalars === undefined) this.#types.set(type.id, (scalars = new Map()));
    const key = keyOf(data);
    const known = scalars.get(key);
    if (known !== undefined && known.error === null) return known;
    const buffer = upload();
    scalars.set(key, buffer);
    buffer.shared = true;
    const evicted = this.#entries[this.#next];
    if (evicted !== undefined) {
      evicted.scalars.delete(evicted.key);
      evicted.buffer.evicted = true;
      this.#evicted.push(evicted.buffer);
    }
    this.#entries[this.#next] = { scalars, key, buffer };
    this.#next = (this.#next + 1) % capacity;
    return buffer;
  }

  /** Those that gave way, to be freed. */
  takeEvicted(): readonly Buffer[] {
    return this.#evicted.splice(0);
  }
}

/** Tells -0 from 0, which a Map does not, and finds NaN, which it does. */
function keyOf(data: HostArray): Key {
  if (data.length > 1) return data.join();
  const value = data[0]!;
  return Object.is(value, -0) ? '-0' : value;
}
