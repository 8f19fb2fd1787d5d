/** A string that is equal exactly when two attribute values are: what operations are interned by. */
import type { HostArray } from '@ceratops/kernel-registry';

/** Keys of objects met before: regions and literals are shared, immutable and large. */
const known: WeakMap<object, string> = new WeakMap();
/** Larger literals count as different unless they are the same array. */
const inlineBytes = 256;
let lastLarge = 0;

export function attributeKey(value: unknown): string {
  switch (typeof value) {
    case 'number':
      return Object.is(value, -0) ? '-0' : `${value}`;
    case 'string':
      return JSON.stringify(value);
    case 'object':
      return value === null ? 'null' : objectKey(value);
    default:
      return `${typeof value}:${value}`;
  }
}

function objectKey(value: object): string {
  if (Array.isArray(value)) {
    let key = '[';
    for (const item of value) key += `${attributeKey(item)},`;
    return `${key}]`;
  }
  const cached = known.get(value);
  if (cached !== undefined) return cached;
  const key = ArrayBuffer.isView(value) ? dataKey(value as HostArray) : recordKey(value);
  if (key.length > 64 || key.startsWith('array#')) known.set(value, key);
  return key;
}

/** Names of programs (regions) are labels, not meaning. */
function recordKey(record: object): string {
  const isProgram = 'instructions' in record;
  let key = '{';
  for (const [name, value] of Object.entries(record)) {
    if (value === undefined || (isProgram && name === 'name')) continue;
    key += `${name}:${attributeKey(value)},`;
  }
  return `${key}}`;
}

function dataKey(data: HostArray): string {
  if (data.byteLength > inlineBytes) return `array#${++lastLarge}`;
  return `${data.constructor.name}<${new Uint8Array(data.buffer, data.byteOffset, data.byteLength).join()}>`;
}
