/** `dense<…>` constants, both ways, exact for every dtype. */

import { type DType, dtypes, type HostArray, is64BitInteger, isComplex } from '../dtype.js';
import { decodeBfloat16, decodeFloat16, encodeBfloat16, encodeFloat16 } from '../half.js';
import { isSplat, type Literal } from '../literal.js';
import { formatType, sizeOf, type TensorType } from '../tensor-type.js';
import type { Cursor } from './cursor.js';
import type { Token } from './lexer.js';
import { parseType, printType } from './types.js';

/** Up to here elements are written out; larger constants are hex blobs. */
const maxListed = 32;

/** The dtype of each host element. */
function partOf(dtype: DType): DType {
  if (dtype === 'complex64') return 'float32';
  return dtype === 'complex128' ? 'float64' : dtype;
}

interface FloatFormat {
  readonly hexDigits: number;
  /** From the host element to its value. */
  decode(element: number): number;
  /** From a value to the host element. */
  encode(value: number): number;
  bits(element: number): bigint;
  fromBits(bits: bigint): number;
}

const float32 = new Float32Array(1);
const float32Bits = new Uint32Array(float32.buffer);
const float64 = new Float64Array(1);
const float64Bits = new BigUint64Array(float64.buffer);
const same = (x: number): number => x;

const halfBits = { hexDigits: 4, bits: (element: number) => BigInt(element), fromBits: (bits: bigint) => Number(bits) };

const floatFormats: Readonly<Partial<Record<DType, FloatFormat>>> = {
  float16: { ...halfBits, decode: decodeFloat16, encode: encodeFloat16 },
  bfloat16: { ...halfBits, decode: decodeBfloat16, encode: encodeBfloat16 },
  float32: {
    hexDigits: 8,
    decode: same,
    encode: Math.fround,
    bits(element) {
      float32[0] = element;
      return BigInt(float32Bits[0]!);
    },
    fromBits(bits) {
      float32Bits[0] = Number(bits);
      return float32[0]!;
    },
  },
  float64: {
    hexDigits: 16,
    decode: same,
    encode: same,
    bits(element) {
      float64[0] = element;
      return float64Bits[0]!;
    },
    fromBits(bits) {
      float64Bits[0] = bits;
      return float64[0]!;
    },
  },
};

/** The shortest decimal that reads back as the same element, with the point that MLIR wants. */
function printDecimal(value: number, format: FloatFormat): string {
  let digits = String(value);
  for (let precision = 1; precision <= 17; precision++) {
    digits = value.toPrecision(precision);
    if (format.decode(format.encode(Number(digits))) === value) break;
  }
  // toPrecision writes 1e+21 and 5 without a point.
  const [mantissa, exponent] = Number(digits).toString().split('e');
  const pointed = mantissa!.includes('.') ? mantissa! : `${mantissa}.0`;
  return exponent === undefined ? pointed : `${pointed}e${exponent}`;
}

function printHex(bits: bigint, digits: number): string {
  return `0x${bits.toString(16).toUpperCase().padStart(digits, '0')}`;
}

/** One host element as MLIR writes it: NaN, infinities and -0 by their bits. */
export function printScalar(dtype: DType, element: number | bigint): string {
  if (dtype === 'bool') return element ? 'true' : 'false';
  const format = floatFormats[dtype];
  if (!format) return String(element);
  const value = format.decode(element as number);
  if (!Number.isFinite(value) || Object.is(value, -0)) {
    return printHex(format.bits(element as number), format.hexDigits);
  }
  return printDecimal(value, format);
}

function printElements({ type: { dtype }, data }: Literal): string[] {
  const part = partOf(dtype);
  const scalars = Array.from(data as ArrayLike<number | bigint>, (element) => printScalar(part, element));
  if (!isComplex(dtype)) return scalars;
  return Array.from({ length: scalars.length / 2 }, (_, i) => `(${scalars[2 * i]}, ${scalars[2 * i + 1]})`);
}

/** Brackets around row-major elements. */
function nest(elements: readonly string[], shape: readonly number[]): string {
  const [outer, ...inner] = shape;
  if (outer === undefined) return elements[0]!;
  const size = sizeOf(inner);
  const rows = Array.from({ length: outer }, (_, i) => nest(elements.slice(i * size, (i + 1) * size), inner));
  return `[${rows.join(', ')}]`;
}

function printBlob(data: HostArray): string {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const digits: string[] = [];
  for (const byte of bytes) digits.push(byte.toString(16).toUpperCase().padStart(2, '0'));
  return `"0x${digits.join('')}"`;
}

function printBody(literal: Literal): string {
  const { type, data } = literal;
  if (isSplat(literal)) return printElements(literal)[0]!;
  if (data.length === 0) return '';
  // MLIR packs bools in blobs, some versions eight to a byte: listed, they mean the same everywhere.
  if (type.dtype !== 'bool' && sizeOf(type.shape) > maxListed) return printBlob(data);
  return nest(printElements(literal), type.shape);
}

/** `dense<[1.0, 2.0]> : tensor<2xf32>` */
export function printDense(literal: Literal): string {
  return `dense<${printBody(literal)}> : ${printType(literal.type)}`;
}

/** The elements as written, flat: words, numbers and, for complex numbers, two per pair. */
interface Written {
  readonly elements: Token[];
  /** Set when the whole constant is one hex string. */
  blob: Token | undefined;
  nested: boolean;
}

function readWritten(cursor: Cursor, written: Written): void {
  if (cursor.at('[')) {
    written.nested = true;
    cursor.list('[', ']', () => readWritten(cursor, written));
  } else if (cursor.at('(')) {
    cursor.list('(', ')', () => readWritten(cursor, written));
  } else if (cursor.atKind('string')) {
    written.blob = cursor.next();
  } else {
    written.elements.push(readNumber(cursor));
  }
}

function readNumber(cursor: Cursor): Token {
  const token = cursor.peek();
  if (token.kind !== 'integer' && token.kind !== 'float' && token.text !== 'true' && token.text !== 'false') {
    throw cursor.error('a number, true or false');
  }
  return cursor.next();
}

/** One written element as a host element; undefined when it is of another kind than the dtype. */
function readElement({ kind, text }: Token, dtype: DType): number | bigint | undefined {
  if (kind === 'word') return dtype === 'bool' ? Number(text === 'true') : undefined;
  const format = floatFormats[dtype];
  if (format)
    return kind === 'integer' && /^0x/i.test(text) ? format.fromBits(BigInt(text)) : format.encode(Number(text));
  if (kind !== 'integer') return undefined;
  const value = parseInteger(text);
  if (dtype === 'bool') return Number(value !== 0n);
  return is64BitInteger(dtype) ? value : Number(value);
}

/** BigInt reads hex only without a sign. */
export function parseInteger(text: string): bigint {
  return text.startsWith('-') ? -BigInt(text.slice(1)) : BigInt(text);
}

function readBlob(cursor: Cursor, blob: Token, type: TensorType): HostArray {
  const { host, hostElements, bytes: width } = dtypes[type.dtype];
  const digits = /^0x((?:[0-9A-F]{2})*)$/i.exec(blob.text)?.[1];
  if (digits === undefined) throw cursor.error('a string of hex digits', blob);
  const bytes = new Uint8Array(digits.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16);
  const size = sizeOf(type.shape);
  if (type.dtype === 'bool' && bytes.length !== size) return unpackBools(bytes, size);
  if (bytes.length !== size * width && bytes.length !== width) {
    throw cursor.error(`${size * width} bytes for ${formatType(type)}`, blob, 'a blob of the wrong size');
  }
  return new host(bytes.buffer, 0, (bytes.length / width) * hostElements);
}

function unpackBools(bytes: Uint8Array, size: number): Uint8Array {
  // One byte of ones or zeros fills the tensor.
  if (bytes.length === 1 && size > 8) return new Uint8Array([bytes[0]! & 1]);
  return Uint8Array.from({ length: size }, (_, i) => (bytes[i >> 3]! >> (i & 7)) & 1);
}

/** Parses from `dense` on, type included. */
export function parseDense(cursor: Cursor): Literal {
  const start = cursor.expect('dense');
  const written: Written = { elements: [], blob: undefined, nested: false };
  cursor.expect('<');
  if (!cursor.at('>')) readWritten(cursor, written);
  cursor.expect('>');
  cursor.expect(':');
  const type = parseType(cursor);
  if (written.blob) return { type, data: readBlob(cursor, written.blob, type) };
  const { host, hostElements } = dtypes[type.dtype];
  const { elements } = written;
  const splat = !written.nested && elements.length === hostElements;
  if (!splat && elements.length !== sizeOf(type.shape) * hostElements) {
    throw cursor.error(
      `${sizeOf(type.shape)} elements for ${formatType(type)}`,
      start,
      `a constant of ${elements.length / hostElements} elements`,
    );
  }
  const data = new host(elements.length);
  const cells: { [index: number]: number | bigint } = data;
  const part = partOf(type.dtype);
  elements.forEach((token, i) => {
    const element = readElement(token, part);
    if (element === undefined) throw cursor.error(`an element of ${part}`, token);
    cells[i] = element;
  });
  return { type, data };
}
