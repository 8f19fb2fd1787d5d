/**
 * Loop IR: what a fused group of instructions becomes before a code-generating backend prints it (WebAssembly here,
 * WGSL and CUDA C elsewhere). Scalars, buffers, loops; no tensors, no views, no shapes. Element indices are explicit
 * and affine in the loop variables wherever the source was, so that a renderer can see unit strides.
 */

import type { DType } from '@ceratops/kernel-registry';

/** Type of a scalar expression. `index` is a non-negative 32-bit integer. */
export type ScalarType = DType | 'index';

export type UnaryScalarOp =
  | 'abs'
  | 'neg'
  | 'sign'
  | 'floor'
  | 'ceil'
  | 'rint'
  | 'exp'
  | 'expm1'
  | 'log'
  | 'log1p'
  | 'sqrt'
  | 'sin'
  | 'cos'
  | 'tanh'
  | 'isFinite'
  | 'not';

export type BinaryScalarOp =
  | 'add'
  | 'sub'
  | 'mul'
  | 'div'
  | 'rem'
  | 'pow'
  /** maximum and minimum propagate NaN, as in StableHLO. */
  | 'max'
  | 'min'
  | 'atan2'
  | 'and'
  | 'or'
  | 'xor'
  | 'shl'
  | 'shrArithmetic'
  | 'shrLogical';

export type CompareOp = 'eq' | 'ne' | 'lt' | 'le' | 'gt' | 'ge';

export type Expression =
  | { readonly kind: 'constant'; readonly type: ScalarType; readonly value: number | bigint }
  /** A loop variable, or a scalar bound by `let` or declared by `accumulator`. */
  | { readonly kind: 'variable'; readonly type: ScalarType; readonly name: string }
  /** Element `index` of parameter `buffer`; float16 and bfloat16 widen to float32 on load. */
  | { readonly kind: 'load'; readonly type: ScalarType; readonly buffer: number; readonly index: Expression }
  | { readonly kind: 'unary'; readonly type: ScalarType; readonly op: UnaryScalarOp; readonly operand: Expression }
  | {
      readonly kind: 'binary';
      readonly type: ScalarType;
      readonly op: BinaryScalarOp;
      readonly left: Expression;
      readonly right: Expression;
    }
  | {
      readonly kind: 'compare';
      readonly type: 'bool';
      readonly op: CompareOp;
      readonly left: Expression;
      readonly right: Expression;
    }
  | {
      readonly kind: 'select';
      readonly type: ScalarType;
      readonly condition: Expression;
      readonly then: Expression;
      readonly otherwise: Expression;
    }
  /** Value conversion as StableHLO's `convert`. */
  | { readonly kind: 'convert'; readonly type: ScalarType; readonly operand: Expression }
  | { readonly kind: 'bitcast'; readonly type: ScalarType; readonly operand: Expression };

export type Statement =
  /** `step` is 1 and `extent` static; `vector` promises that iterations are independent, or meet only in `accumulate`. */
  | {
      readonly kind: 'for';
      readonly variable: string;
      readonly extent: number;
      readonly vector: boolean;
      readonly body: readonly Statement[];
    }
  | { readonly kind: 'let'; readonly name: string; readonly value: Expression }
  /** A mutable scalar. */
  | { readonly kind: 'accumulator'; readonly name: string; readonly type: ScalarType; readonly initial: Expression }
  /** `name = op(name, value)`; the compiler fixed the order in which partial results are combined, see `reduction`. */
  | { readonly kind: 'accumulate'; readonly name: string; readonly op: BinaryScalarOp; readonly value: Expression }
  | { readonly kind: 'assign'; readonly name: string; readonly value: Expression }
  /** float16 and bfloat16 round on store. */
  | { readonly kind: 'store'; readonly buffer: number; readonly index: Expression; readonly value: Expression }
  | {
      readonly kind: 'if';
      readonly condition: Expression;
      readonly then: readonly Statement[];
      readonly otherwise: readonly Statement[];
    }
  | { readonly kind: 'while'; readonly condition: Expression; readonly body: readonly Statement[] };

export interface BufferParameter {
  readonly dtype: DType;
  readonly access: 'read' | 'write' | 'readwrite';
}

/**
 * One kernel: `body` runs once for every value of the index variable `item` in [0, items). Items are independent: they
 * may run in any order, on any thread.
 */
export interface LoopKernel {
  readonly name: string;
  readonly parameters: readonly BufferParameter[];
  readonly items: number;
  /** A rough count of scalar operations per item, for splitting work over threads. */
  readonly costPerItem: number;
  readonly body: readonly Statement[];
}
