import type { ScalarType } from '@ceratops/compiler';
import { dtypes } from '@ceratops/kernel-registry';
import * as memoryOp from '../wasm/memory-op.js';
import type { MemoryOpcode, ValueType } from '../wasm/opcodes.js';

/** The scalar types that a kernel may compute with. */
export type Scalar = Exclude<ScalarType, 'complex64' | 'complex128'>;

/** The instructions that a type computes with. */
export type Family = 'bool' | 'i32' | 'u32' | 'f32' | 'i64' | 'u64' | 'f64';

export interface ScalarRow {
  /** How WebAssembly holds it; narrow integers as i32 in their range, 16-bit floats as f32. */
  readonly wasm: Exclude<ValueType, 'v128'>;
  readonly family: Family;
  readonly kind: 'bool' | 'int' | 'uint' | 'float';
  readonly bits: number;
  /** Bytes in a buffer. */
  readonly bytes: number;
  readonly load: MemoryOpcode;
  readonly store: MemoryOpcode;
}

function row(
  family: Family,
  kind: ScalarRow['kind'],
  bits: number,
  load: MemoryOpcode,
  store: MemoryOpcode,
): ScalarRow {
  const wasm = family === 'bool' ? 'i32' : (family.replace('u', 'i') as ScalarRow['wasm']);
  return { wasm, family, kind, bits, bytes: Math.ceil(bits / 8), load, store };
}

export const scalarRows: Readonly<Record<Scalar, ScalarRow>> = {
  index: row('i32', 'int', 32, memoryOp.i32Load, memoryOp.i32Store),
  bool: row('bool', 'bool', 1, memoryOp.i32Load8U, memoryOp.i32Store8),
  int8: row('i32', 'int', 8, memoryOp.i32Load8S, memoryOp.i32Store8),
  int16: row('i32', 'int', 16, memoryOp.i32Load16S, memoryOp.i32Store16),
  int32: row('i32', 'int', 32, memoryOp.i32Load, memoryOp.i32Store),
  int64: row('i64', 'int', 64, memoryOp.i64Load, memoryOp.i64Store),
  uint8: row('u32', 'uint', 8, memoryOp.i32Load8U, memoryOp.i32Store8),
  uint16: row('u32', 'uint', 16, memoryOp.i32Load16U, memoryOp.i32Store16),
  uint32: row('u32', 'uint', 32, memoryOp.i32Load, memoryOp.i32Store),
  uint64: row('u64', 'uint', 64, memoryOp.i64Load, memoryOp.i64Store),
  float16: row('f32', 'float', 16, memoryOp.i32Load16U, memoryOp.i32Store16),
  bfloat16: row('f32', 'float', 16, memoryOp.i32Load16U, memoryOp.i32Store16),
  float32: row('f32', 'float', 32, memoryOp.f32Load, memoryOp.f32Store),
  float64: row('f64', 'float', 64, memoryOp.f64Load, memoryOp.f64Store),
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

export function isHalf(type: Scalar): type is 'float16' | 'bfloat16' {
  return type === 'float16' || type === 'bfloat16';
}

/** Types of other widths than 32 bits, whose conversions and memory accesses are late parts. */
export function isOddSized(type: Scalar): boolean {
  return type !== 'bool' && scalarRows[type].bits !== 32;
}
