/**
 * The dtype table: one row per element type, open for new rows. Names are Keras' (`float32`); `hlo` is StableHLO's (`f32`).
 * A backend states per dtype how far it goes (see `DTypeSupport` in backend.ts); this table only says what a dtype *is*.
 */

export type DTypeKind = 'bool' | 'int' | 'uint' | 'float' | 'complex';

/** The host arrays in which elements cross the contract. */
export type HostArray =
  | Uint8Array
  | Int8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array
  | Float32Array
  | Float64Array;

export interface HostArrayConstructor {
  new (length: number): HostArray;
  new (buffer: ArrayBufferLike, byteOffset?: number, length?: number): HostArray;
  readonly BYTES_PER_ELEMENT: number;
}

export interface DTypeRow {
  /** Keras' name. */
  readonly name: DType;
  /** StableHLO's name. */
  readonly hlo: string;
  readonly kind: DTypeKind;
  /** Logical width of an element. */
  readonly bits: number;
  /** Bytes an element takes in a dense buffer; bool takes one, holding 0 or 1. */
  readonly bytes: number;
  /** Host array type: float16 and bfloat16 travel as raw Uint16 bits, complex as interleaved (real, imaginary) pairs. */
  readonly host: HostArrayConstructor;
  /** Host array elements per logical element: 2 for complex, else 1. */
  readonly hostElements: 1 | 2;
}

export type DType =
  | 'bool'
  | 'int8'
  | 'int16'
  | 'int32'
  | 'int64'
  | 'uint8'
  | 'uint16'
  | 'uint32'
  | 'uint64'
  | 'float16'
  | 'bfloat16'
  | 'float32'
  | 'float64'
  | 'complex64'
  | 'complex128';

function row(
  name: DType,
  hlo: string,
  kind: DTypeKind,
  bits: number,
  host: HostArrayConstructor,
  hostElements: 1 | 2 = 1,
): DTypeRow {
  return { name, hlo, kind, bits, bytes: Math.ceil(bits / 8), host, hostElements };
}

export const dtypes: Readonly<Record<DType, DTypeRow>> = {
  bool: row('bool', 'i1', 'bool', 1, Uint8Array),
  int8: row('int8', 'i8', 'int', 8, Int8Array),
  int16: row('int16', 'i16', 'int', 16, Int16Array),
  int32: row('int32', 'i32', 'int', 32, Int32Array),
  int64: row('int64', 'i64', 'int', 64, BigInt64Array),
  uint8: row('uint8', 'ui8', 'uint', 8, Uint8Array),
  uint16: row('uint16', 'ui16', 'uint', 16, Uint16Array),
  uint32: row('uint32', 'ui32', 'uint', 32, Uint32Array),
  uint64: row('uint64', 'ui64', 'uint', 64, BigUint64Array),
  float16: row('float16', 'f16', 'float', 16, Uint16Array),
  bfloat16: row('bfloat16', 'bf16', 'float', 16, Uint16Array),
  float32: row('float32', 'f32', 'float', 32, Float32Array),
  float64: row('float64', 'f64', 'float', 64, Float64Array),
  complex64: row('complex64', 'complex<f32>', 'complex', 64, Float32Array, 2),
  complex128: row('complex128', 'complex<f64>', 'complex', 128, Float64Array, 2),
};

export function isDType(value: unknown): value is DType {
  return typeof value === 'string' && Object.hasOwn(dtypes, value);
}

export function isFloating(dtype: DType): boolean {
  return dtypes[dtype].kind === 'float';
}

export function isInteger(dtype: DType): boolean {
  const { kind } = dtypes[dtype];
  return kind === 'int' || kind === 'uint';
}

export function isComplex(dtype: DType): boolean {
  return dtypes[dtype].kind === 'complex';
}

/** True when a host element is a bigint. */
export function is64BitInteger(dtype: DType): boolean {
  return dtype === 'int64' || dtype === 'uint64';
}
