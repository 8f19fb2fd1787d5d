import { type Expression, operandsOf } from '@ceratops/compiler';
import type { Local } from '../wasm/function-writer.js';
import type { Scalar } from './scalar-types.js';

/** What a name of the loop IR stands for at this point of the code. */
export type Binding =
  /**
   * A scalar local. In a vector loop: the value in its first iteration, `stride` more in each next one; 0 means the same
   * in all. `splat` is a vector of it, where one was made.
   */
  | {
      readonly form: 'scalar';
      readonly type: Scalar;
      readonly local: Local;
      readonly stride: number;
      readonly splat?: Local | undefined;
    }
  /** One vector local per unrolled part. */
  | { readonly form: 'vector'; readonly type: Scalar; readonly locals: readonly Local[] };

export class Scope {
  readonly #bindings: Map<string, Binding> = new Map();

  get(name: string): Binding {
    const binding = this.#bindings.get(name);
    if (binding === undefined) throw new Error(`loop IR: unknown name ${name}`);
    return binding;
  }

  set(name: string, binding: Binding): void {
    this.#bindings.set(name, binding);
  }

  /** Growth of an expression per iteration of the current vector loop; undefined where it is not affine. */
  stride(expression: Expression): number | undefined {
    return strideOf(expression, (name) => {
      const binding = this.get(name);
      return binding.form === 'vector' ? undefined : binding.stride;
    });
  }
}

/**
 * Growth of an expression per iteration, given that of its variables: 0 where it does not change; other numbers for
 * affine indices only; undefined for the rest.
 */
export function strideOf(expression: Expression, variable: (name: string) => number | undefined): number | undefined {
  if (expression.kind === 'variable') return variable(expression.name);
  if (expression.kind !== 'binary' || expression.type !== 'index')
    return operandsOf(expression).every((operand) => strideOf(operand, variable) === 0) ? 0 : undefined;
  const { op, left, right } = expression;
  const [a, b] = [strideOf(left, variable), strideOf(right, variable)];
  if (a === undefined || b === undefined) return undefined;
  if (op === 'add') return a + b;
  if (op === 'subtract') return a - b;
  if (a === 0 && b === 0) return 0;
  if (op === 'multiply' && right.kind === 'constant') return a * Number(right.value);
  if (op === 'multiply' && left.kind === 'constant') return b * Number(left.value);
  return undefined;
}
