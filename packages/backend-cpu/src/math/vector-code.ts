import type { FunctionWriter, Local } from '../wasm/function-writer.js';
import * as op from '../wasm/op.js';
import type { Opcode } from '../wasm/opcodes.js';

/**
 * Straight-line code on f32x4 values for the elementary functions: every value is a local, constants live in the
 * function's prologue. `relaxed` contracts multiply-add where the function says so (never in the user's own arithmetic).
 */
export class VectorCode {
  readonly f: FunctionWriter;
  readonly relaxed: boolean;
  readonly #owned: Local[] = [];

  constructor(f: FunctionWriter, relaxed: boolean) {
    this.f = f;
    this.relaxed = relaxed;
  }

  float(value: number): Local {
    return this.f.constant('f32x4', value);
  }

  int(value: number): Local {
    return this.f.constant('i32x4', value);
  }

  /** A new value: `opcode` of the arguments. */
  do(opcode: Opcode, ...args: readonly Local[]): Local {
    for (const arg of args) this.f.get(arg);
    this.f.op(opcode);
    return this.keep();
  }

  /** Takes the v128 on the stack into a local. */
  keep(): Local {
    const local = this.f.local('v128');
    this.#owned.push(local);
    this.f.set(local);
    return local;
  }

  add(a: Local, b: Local): Local {
    return this.do(op.f32x4Add, a, b);
  }

  sub(a: Local, b: Local): Local {
    return this.do(op.f32x4Sub, a, b);
  }

  mul(a: Local, b: Local): Local {
    return this.do(op.f32x4Mul, a, b);
  }

  /** a · b + c */
  madd(a: Local, b: Local, c: Local): Local {
    return this.relaxed ? this.do(op.f32x4RelaxedMadd, a, b, c) : this.add(this.mul(a, b), c);
  }

  /** c - a · b */
  nmadd(a: Local, b: Local, c: Local): Local {
    return this.relaxed ? this.do(op.f32x4RelaxedNmadd, a, b, c) : this.sub(c, this.mul(a, b));
  }

  /** mask ? a : b, bit by bit. */
  choose(mask: Local, a: Local, b: Local): Local {
    return this.do(op.v128Bitselect, a, b, mask);
  }

  shift(opcode: Opcode, a: Local, amount: number): Local {
    this.f.get(a);
    this.f.i32(amount);
    this.f.op(opcode);
    return this.keep();
  }

  /** Polynomial in z, highest coefficient first. */
  polynomial(z: Local, coefficients: readonly number[]): Local {
    this.f.get(this.float(coefficients[0]!));
    for (const coefficient of coefficients.slice(1)) {
      this.f.get(z);
      if (!this.relaxed) this.f.op(op.f32x4Mul);
      this.f.get(this.float(coefficient));
      this.f.op(this.relaxed ? op.f32x4RelaxedMadd : op.f32x4Add);
    }
    return this.keep();
  }

  /** Pushes the result and gives all locals back. */
  finish(result: Local): void {
    this.f.get(result);
    for (const local of this.#owned) this.f.release('v128', local);
    this.#owned.length = 0;
  }
}
