import type { ScalarType } from '@ceratops/compiler';
import { dtypes } from '@ceratops/kernel-registry';
import type { ValueType } from '../wasm/opcodes.js';

/** The scalar types that a kernel may compute with. */
export type Scalar = Exclude<ScalarType, 'complex64' | 'complex128'>;

export interface ScalarRow {
  /** How WebAssembly holds it; narrow integers as i32 in their range, 16-bit floats as f32. */
  readonly wasm: Exclude<ValueType, 'v128'>;
  readonly kind: 'bool' | 'int' | 'uint' | 'float';
  readonly bits: number;
  /** Bytes in a buffer. */
  readonly bytes: number;
}

function row(wasm: ScalarRow['wasm'], kind: ScalarRow['kind'], bits: number): ScalarRow {
  return { wasm, kind, bits, bytes: Math.ceil(bits / 8) };
}

export const scalarRows: Readonly<Record<Scalar, ScalarRow>> = {
  index: row('i32', 'int', 32),
  bool: row('i32', 'bool', 1),
  int8: row('i32', 'int', 8),
  int16: row('i32', 'int', 16),
  int32: row('i32', 'int', 32),
  int64: row('i64', 'int', 64),
  uint8: row('i32', 'uint', 8),
  uint16: row('i32', 'uint', 16),
  uint32: row('i32', 'uint', 32),
  uint64: row('i64', 'uint', 64),
  float16: row('f32', 'float', 16),
  bfloat16: row('f32', 'float', 16),
  float32: row('f32', 'float', 32),
  float64: row('f64', 'float', 64),
};

/** Narrows the IR's type; complex values never reach loop kernels on this backend, `query` refuses them. */
export function scalarOf(type: ScalarType): Scalar {
  if (type !== 'index' && dtypes[type].kind === 'complex') throw new Error(`no scalar code for ${type}`);
  return type as Scalar;
}

/** Integers that are narrower than the i32 that holds them. */
export function isNarrow(type: Scalar): boolean {
  const { kind, bits } = scalarRows[type];
  return (kind === 'int' || kind === 'uint') && bits < 32;
}
