/** From what users write (numbers, nested arrays, typed arrays) to host elements, and back. */
import {
  CeratopsError,
  type DType,
  decodeBfloat16,
  decodeFloat16,
  dtypes,
  encodeScalar,
  type HostArray,
  isComplex,
  isDType,
  isInteger,
  type Shape,
  sizeOf,
  suggest,
} from '@ceratops/kernel-registry';

/** Arrays of arrays of elements; typed arrays may be the rows. */
export type NestedArray = readonly (number | bigint | boolean | HostArray | NestedArray)[];
export type TensorData = number | bigint | boolean | HostArray | NestedArray;

export interface HostTensor {
  readonly dtype: DType;
  readonly shape: Shape;
  readonly data: HostArray;
}

/** The dtype of each typed array, by the name of its constructor. */
export const dtypesOfArrays: ReadonlyMap<string, DType> = /*#__PURE__*/ new Map<string, DType>([
  ['Float32Array', 'float32'],
  ['Float64Array', 'float64'],
  ['Int8Array', 'int8'],
  ['Int16Array', 'int16'],
  ['Int32Array', 'int32'],
  ['BigInt64Array', 'int64'],
  ['Uint8Array', 'uint8'],
  ['Uint8ClampedArray', 'uint8'],
  ['Uint16Array', 'uint16'],
  ['Uint32Array', 'uint32'],
  ['BigUint64Array', 'uint64'],
]);

type Element = number | bigint | boolean;

export function isHostArray(value: unknown): value is HostArray {
  return ArrayBuffer.isView(value) && dtypesOfArrays.has(value.constructor.name);
}

export function isTensorData(value: unknown): value is TensorData {
  const kind = typeof value;
  return kind === 'number' || kind === 'bigint' || kind === 'boolean' || Array.isArray(value) || isHostArray(value);
}

/** A copy of the data as elements of a dtype. Numbers are float32 unless told otherwise; bigints int64; booleans bool. */
export function toHost(
  data: TensorData,
  options: { shape?: Shape | undefined; dtype?: DType | undefined },
): HostTensor {
  if (!isTensorData(data)) throw notData(data);
  if (Array.isArray(options)) throw shapeAlone(options);
  const { elements, shape: ownShape } = isHostArray(data) ? { elements: data, shape: undefined } : flattenNested(data);
  const dtype = options.dtype ?? naturalDType(elements);
  if (!isDType(dtype)) throw unknownDType(dtype);
  const encoded = encode(elements, dtype);
  const shape = options.shape ?? ownShape ?? [encoded.length / dtypes[dtype].hostElements];
  if (sizeOf(shape) * dtypes[dtype].hostElements !== encoded.length) {
    throw new CeratopsError('SHAPE_MISMATCH', 'data does not fill the shape', {
      subject: 'tensor',
      expected: `${sizeOf(shape)} elements for [${shape.join(',')}]`,
      received: `${encoded.length / dtypes[dtype].hostElements}`,
    });
  }
  return { dtype, shape, data: encoded };
}

function naturalDType(elements: HostArray | readonly Element[]): DType {
  if (isHostArray(elements)) return dtypesOfArrays.get(elements.constructor.name)!;
  const kind = typeof elements[0];
  if (kind === 'boolean') return 'bool';
  return kind === 'bigint' ? 'int64' : 'float32';
}

function flattenNested(data: Element | NestedArray): { elements: HostArray | Element[]; shape: Shape } {
  if (!Array.isArray(data)) return { elements: [data as Element], shape: [] };
  const shape: number[] = [];
  let level: unknown = data;
  while (Array.isArray(level)) {
    shape.push(level.length);
    level = level[0];
  }
  if (isHostArray(level)) shape.push(level.length);
  const elements: Element[] = [];
  collect(data as NestedArray, shape, 0, elements);
  return { elements, shape };
}

function collect(data: unknown, shape: Shape, axis: number, elements: Element[]): void {
  if (axis === shape.length) {
    if (Array.isArray(data) || isHostArray(data)) throw ragged(shape, 'a deeper array');
    if (!isTensorData(data)) throw notData(data);
    elements.push(data as Element);
    return;
  }
  if (!Array.isArray(data) && !isHostArray(data)) throw ragged(shape, `${typeof data} at depth ${axis}`);
  if (data.length !== shape[axis]) throw ragged(shape, `an array of ${data.length} at depth ${axis}`);
  for (const item of data) collect(item, shape, axis + 1, elements);
}

function ragged(shape: Shape, received: string): CeratopsError {
  return new CeratopsError('INVALID_ARGUMENT', 'nested arrays are not rectangular', {
    subject: 'tensor',
    expected: `numbers in the shape [${shape.join(',')}]`,
    received,
  });
}

function notData(value: unknown): CeratopsError {
  return new CeratopsError('INVALID_ARGUMENT', 'not data', {
    subject: 'tensor',
    expected: 'a number, a typed array or nested arrays of numbers',
    received: describe(value),
  });
}

function describe(value: unknown): string {
  if (typeof value === 'string') return `'${value}'`;
  if (typeof value !== 'object' || value === null) return value === null ? 'null' : typeof value;
  if ('then' in value) return 'a promise, which somebody has to await';
  if (Symbol.for('ceratops.tensor') in value) return 'a tensor; ops.stack(list) joins a list of them';
  return value.constructor?.name ?? 'object';
}

function shapeAlone(shape: readonly unknown[]): CeratopsError {
  return new CeratopsError('INVALID_ARGUMENT', 'bad options', {
    subject: 'tensor',
    expected: `{ shape: [${shape.join(', ')}] }`,
    received: `[${shape.join(', ')}]`,
  });
}

function unknownDType(dtype: unknown): CeratopsError {
  return new CeratopsError('UNKNOWN_NAME', `unknown dtype '${dtype}'`, {
    subject: 'tensor',
    remedy: suggest(String(dtype), Object.keys(dtypes)),
  });
}

/** The elements in the host form of a dtype; always a copy. A typed array of the dtype's own kind is taken as it is. */
function encode(elements: HostArray | readonly Element[], dtype: DType): HostArray {
  const row = dtypes[dtype];
  if (isHostArray(elements) && elements.constructor === row.host && dtype !== 'bool') return elements.slice();
  const result = new row.host(elements.length * row.hostElements);
  const numeric = row.host === Float32Array || row.host === Float64Array;
  const exact = isInteger(dtype);
  for (let i = 0; i < elements.length; i++) {
    const element = elements[i]!;
    if (exact) checkInteger(element, dtype);
    result[i * row.hostElements] = numeric ? Number(element) : encodeScalar(dtype, element)[0]!;
  }
  return result;
}

/** A number that an integer dtype takes. @throws CeratopsError DTYPE_MISMATCH that says `cast`. */
export function checkInteger(value: Element, dtype: DType): void {
  if (typeof value !== 'number' || Number.isInteger(value)) return;
  throw new CeratopsError('DTYPE_MISMATCH', 'number is not an integer', {
    subject: dtype,
    expected: 'an integer',
    received: `${value}`,
    remedy: 'cast the tensor to a floating dtype first: cast(x, "float32")',
  });
}

/** One JavaScript value per element: booleans, bigints, numbers (half floats decoded), [re, im] pairs. */
function decoder(dtype: DType, data: HostArray): (index: number) => unknown {
  if (dtype === 'bool') return (i) => data[i] !== 0;
  if (dtype === 'float16') return (i) => decodeFloat16(data[i] as number);
  if (dtype === 'bfloat16') return (i) => decodeBfloat16(data[i] as number);
  if (isComplex(dtype)) return (i) => [data[2 * i], data[2 * i + 1]];
  return (i) => data[i];
}

/** Nested arrays of a tensor's elements; a scalar gives the element. */
export function toNested({ dtype, shape, data }: HostTensor): unknown {
  const decode = decoder(dtype, data);
  let next = 0;
  const build = (axis: number): unknown => {
    if (axis === shape.length) return decode(next++);
    const level = new Array<unknown>(shape[axis]!);
    for (let i = 0; i < level.length; i++) level[i] = build(axis + 1);
    return level;
  };
  return build(0);
}
