/**
 * Loop IR: what a fused group of instructions becomes before a code-generating backend prints it (WebAssembly here,
 * WGSL and CUDA C elsewhere). Scalars, buffers, loops; no tensors, no views, no shapes. Element indices are explicit
 * and affine in the loop variables wherever the source was, so that a renderer can see unit strides; what does not
 * change in a loop stands before it.
 *
 * Operations are those of the opset on one element, under its names, and arithmetic on `index`; bools know `and`, `or`,
 * `xor` and `not` only.
 *
 * Numbers. A value always lies in the range of its type: arithmetic on narrow integers wraps, bool is 0 or 1. float16
 * and bfloat16 are held as float32: `load` widens, `store` and `convert` round, arithmetic between them does not.
 * `index` is a signed 32-bit integer; its `divide` and `remainder` only ever see a non-negative left and a positive right side.
 */

import type { BinaryOp, ComparisonDirection, DType, UnaryOp } from '@ceratops/kernel-registry';

/** Type of a scalar expression. */
export type ScalarType = DType | 'index';

/** The opset's functions of one number, and the composites of which a target may have code: it says so when it is asked. */
export type UnaryFunction = UnaryOp | 'ceratops.erf@1' | 'ceratops.logistic@1';

export type Expression =
  | { readonly kind: 'constant'; readonly type: ScalarType; readonly value: number | bigint }
  /** A loop variable, or a scalar bound by `let` or declared by `accumulator`. */
  | { readonly kind: 'variable'; readonly type: ScalarType; readonly name: string }
  /** Element `index` of parameter `buffer`; always in bounds. */
  | { readonly kind: 'load'; readonly type: ScalarType; readonly buffer: number; readonly index: Expression }
  | { readonly kind: 'unary'; readonly type: ScalarType; readonly op: UnaryFunction; readonly operand: Expression }
  | {
      readonly kind: 'binary';
      readonly type: ScalarType;
      readonly op: BinaryOp;
      readonly left: Expression;
      readonly right: Expression;
    }
  | {
      readonly kind: 'compare';
      readonly type: 'bool';
      readonly op: ComparisonDirection;
      readonly left: Expression;
      readonly right: Expression;
    }
  /** Both sides may be evaluated whatever the condition: they have no effects and their loads are in bounds. */
  | {
      readonly kind: 'select';
      readonly type: ScalarType;
      readonly condition: Expression;
      readonly then: Expression;
      readonly otherwise: Expression;
    }
  /** Value conversion as StableHLO's `convert`; from and to `index` too. */
  | { readonly kind: 'convert'; readonly type: ScalarType; readonly operand: Expression }
  /** Same width. */
  | { readonly kind: 'bitcast'; readonly type: ScalarType; readonly operand: Expression };

export type Statement =
  /**
   * `variable` takes begin, begin + 1, …, end - 1 (none when end ≤ begin); both are of type `index`, evaluated once, and
   * in most loops constants. `extent` is the largest number of iterations.
   *
   * `vector` promises that iterations are independent, or meet only in `accumulate`, whose partial results may then be
   * kept per lane and joined after the loop. Such a loop may hold `for` loops that are not vector loops; their bounds do
   * not depend on `variable` (nor do the conditions of `if`s in it), and what is declared inside (`let`, `accumulator`) is per iteration, so a renderer may
   * widen the whole body. It may also ignore the promise. Nothing but the renderer's lane count decides how partial
   * results are joined: never the number of threads.
   */
  | {
      readonly kind: 'for';
      readonly variable: string;
      readonly begin: Expression;
      readonly end: Expression;
      readonly extent: number;
      readonly vector: boolean;
      readonly body: readonly Statement[];
    }
  | { readonly kind: 'let'; readonly name: string; readonly value: Expression }
  /** A mutable scalar. */
  | { readonly kind: 'accumulator'; readonly name: string; readonly type: ScalarType; readonly initial: Expression }
  /** `name = op(name, value)`, associative and commutative: add, multiply, maximum, minimum, and, or, xor. */
  | { readonly kind: 'accumulate'; readonly name: string; readonly op: BinaryOp; readonly value: Expression }
  | { readonly kind: 'assign'; readonly name: string; readonly value: Expression }
  | { readonly kind: 'store'; readonly buffer: number; readonly index: Expression; readonly value: Expression }
  | {
      readonly kind: 'if';
      readonly condition: Expression;
      readonly then: readonly Statement[];
      readonly otherwise: readonly Statement[];
    }
  /** The condition is evaluated before every iteration. */
  | { readonly kind: 'while'; readonly condition: Expression; readonly body: readonly Statement[] };

export interface Operation {
  readonly op: UnaryFunction | BinaryOp;
  /** Of the result. */
  readonly type: ScalarType;
}

export interface BufferParameter {
  readonly dtype: DType;
  readonly access: 'read' | 'write' | 'readwrite';
  readonly elements: number;
}

/**
 * One kernel: `body` runs once for every value of the index variable `item` in [0, items). Items are independent: they
 * may run in any order, on any thread. Names are unique in a kernel.
 *
 * A `read` and a `write` parameter may be bound to the same memory only when every iteration reads from it nothing but
 * the element that it writes, before it writes it; the plan does so, renderers keep loads before the stores of their
 * iteration.
 */
export interface LoopKernel {
  readonly name: string;
  /** What its unary and binary expressions do, each once: a renderer may have to bring along functions for some. */
  readonly operations: readonly Operation[];
  readonly parameters: readonly BufferParameter[];
  readonly items: number;
  /** A rough count of scalar operations per item, for splitting work over threads. */
  readonly costPerItem: number;
  readonly body: readonly Statement[];
}

/** Name of the kernel's item variable, of type `index`. */
export const itemVariable = 'item';

/** The expressions that an expression is computed from. */
export function operandsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'constant':
    case 'variable':
      return [];
    case 'load':
      return [expression.index];
    case 'unary':
    case 'convert':
    case 'bitcast':
      return [expression.operand];
    case 'binary':
    case 'compare':
      return [expression.left, expression.right];
    case 'select':
      return [expression.then, expression.otherwise, expression.condition];
  }
}

/**
 * How much `expression` (of type index) grows when the loop variable `name` grows by one: 0 when it does not depend on
 * it, undefined when it is not affine in it. `lets` holds the values of names bound by `let` inside the loop; names that
 * are not in it are taken not to depend on the variable.
 */
export function strideIn(
  expression: Expression,
  name: string,
  lets?: ReadonlyMap<string, Expression>,
): number | undefined {
  switch (expression.kind) {
    case 'constant':
      return 0;
    case 'variable': {
      if (expression.name === name) return 1;
      const bound = lets?.get(expression.name);
      return bound === undefined ? 0 : strideIn(bound, name, lets);
    }
    case 'binary': {
      const left = strideIn(expression.left, name, lets);
      const right = strideIn(expression.right, name, lets);
      if (left === undefined || right === undefined) return undefined;
      if (left === 0 && right === 0) return 0;
      if (expression.op === 'add') return left + right;
      if (expression.op === 'subtract') return left - right;
      if (expression.op === 'multiply' && right === 0 && expression.right.kind === 'constant')
        return left * Number(expression.right.value);
      if (expression.op === 'multiply' && left === 0 && expression.left.kind === 'constant')
        return right * Number(expression.left.value);
      return undefined;
    }
    default:
      return operandsOf(expression).every((operand) => strideIn(operand, name, lets) === 0) ? 0 : undefined;
  }
}
