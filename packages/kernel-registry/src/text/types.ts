/** Tensor types, both ways. */

import { type DType, dtypes } from '../dtype.js';
import type { TensorType } from '../tensor-type.js';
import type { Cursor } from './cursor.js';

const byHloName: ReadonlyMap<string, DType> = new Map([
  ...Object.values(dtypes).map((row): [string, DType] => [row.hlo, row.name]),
  // Layouts are lists of it.
  ['index', 'int64'],
]);

export function printElementType(dtype: DType): string {
  return dtypes[dtype].hlo;
}

/** `tensor<2x3xf32>` */
export function printType({ dtype, shape }: TensorType): string {
  return `tensor<${shape.map((size) => `${size}x`).join('')}${printElementType(dtype)}>`;
}

export function printTypes(types: readonly TensorType[]): string {
  return types.map(printType).join(', ');
}

/** A type list as MLIR writes results: parentheses unless it is one. */
export function printResultTypes(types: readonly TensorType[]): string {
  return types.length === 1 ? printType(types[0]!) : `(${printTypes(types)})`;
}

/** Types of MLIR that no Program has. */
const foreignTypes = /^(?:u?i[24]|f[468]E\w+|tf32|tuple|!.*)$/;

export function parseElementType(cursor: Cursor): DType {
  const start = cursor.peek();
  const match = cursor.raw(/complex<\w+>|!?[\w.]+/y);
  const name = match?.[0];
  // Signless and explicitly signed integers mean the same here.
  const dtype = name === undefined ? undefined : (byHloName.get(name) ?? byHloName.get(name.replace(/^si/, 'i')));
  if (dtype === undefined) {
    if (name !== undefined && foreignTypes.test(name)) throw cursor.unsupported(`the type ${name}`, start);
    throw cursor.error(`an element type of ${[...byHloName.keys()].join(', ')}`, start, 'unknown element type');
  }
  return dtype;
}

/** A tensor type; a bare element type (in attributes) is a scalar. */
export function parseType(cursor: Cursor): TensorType {
  if (!cursor.at('tensor')) return { dtype: parseElementType(cursor), shape: [] };
  cursor.next();
  cursor.expect('<');
  const start = cursor.peek();
  const dimensions = cursor.raw(/(?:(?:\d+|\?)\s*x\s*)*/y)?.[0] ?? '';
  if (dimensions.includes('?')) throw cursor.error('static dimensions', start, 'dynamic shape');
  const shape = dimensions.split('x').slice(0, -1).map(Number);
  const dtype = parseElementType(cursor);
  // An encoding is a hint about layout.
  if (cursor.accept(',')) {
    while (!cursor.at('>') && !cursor.atKind('end')) cursor.next();
  }
  cursor.expect('>');
  return { dtype, shape };
}

/** `t`, `t, t` or `(t, t)`. */
export function parseTypeList(cursor: Cursor): TensorType[] {
  if (cursor.at('(')) return cursor.list('(', ')', () => parseType(cursor));
  const types = [parseType(cursor)];
  while (cursor.accept(',')) types.push(parseType(cursor));
  return types;
}
