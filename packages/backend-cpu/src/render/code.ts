/** Scalar code for the loop IR: expressions onto the stack, statements in order. */

import { type Expression, type LoopKernel, operandsOf, type Statement } from '@ceratops/compiler';
import { whileLoop } from '../kernels/affine.js';
import type { FunctionWriter, Local } from '../wasm/function-writer.js';
import * as op from '../wasm/op.js';
import type { Helpers } from './helpers.js';
import { emitLoad, emitStore } from './memory.js';
import { emitBitcast, emitConvert } from './scalar-convert.js';
import { emitBinary, emitCompare, emitUnary, pushConstant } from './scalar-ops.js';
import { type Scalar, scalarOf, scalarRows } from './scalar-types.js';
import { Scope } from './scope.js';
import { emitVectorLoop } from './vector-loop.js';
import { type ForStatement, planVectorLoop } from './vector-plan.js';

/** Where code is being printed to, and what the names in it mean. */
export class Code {
  readonly f: FunctionWriter;
  readonly helpers: Helpers;
  readonly scope: Scope = new Scope();
  readonly #parameters: readonly { readonly type: Scalar; readonly address: Local }[];

  constructor(f: FunctionWriter, helpers: Helpers, kernel: LoopKernel, firstAddress: Local) {
    this.f = f;
    this.helpers = helpers;
    this.#parameters = kernel.parameters.map(({ dtype }, i) => ({ type: scalarOf(dtype), address: firstAddress + i }));
  }

  parameter(buffer: number): { readonly type: Scalar; readonly address: Local } {
    return this.#parameters[buffer]!;
  }

  body(statements: readonly Statement[]): void {
    for (const statement of statements) this.statement(statement);
  }

  statement(statement: Statement): void {
    const { f } = this;
    switch (statement.kind) {
      case 'let':
        this.declare(statement.name, scalarOf(statement.value.type), statement.value);
        return;
      case 'accumulator':
        this.declare(statement.name, scalarOf(statement.type), statement.initial);
        return;
      case 'assign':
        this.value(statement.value);
        f.set(this.#scalarLocal(statement.name));
        return;
      case 'accumulate': {
        const local = this.#scalarLocal(statement.name);
        f.get(local);
        this.value(statement.value);
        emitBinary(f, this.helpers, statement.op, this.scope.get(statement.name).type);
        f.set(local);
        return;
      }
      case 'store': {
        const offset = this.address(statement.buffer, statement.index);
        this.value(statement.value);
        emitStore(f, this.helpers, this.parameter(statement.buffer).type, offset);
        return;
      }
      case 'if':
        this.conditional(statement.condition, statement.then, statement.otherwise, (body) => this.body(body));
        return;
      case 'while':
        whileLoop(
          f,
          () => this.value(statement.condition),
          () => this.body(statement.body),
        );
        return;
      case 'for':
        this.#loop(statement);
    }
  }

  #scalarLocal(name: string): Local {
    const binding = this.scope.get(name);
    if (binding.form === 'vector') throw new Error(`loop IR: ${name} is no scalar`);
    return binding.local;
  }

  declare(name: string, type: Scalar, value: Expression, stride = 0): Local {
    const local = this.f.local(scalarRows[type].wasm);
    this.value(value);
    this.f.set(local);
    this.scope.set(name, { form: 'scalar', type, local, stride });
    return local;
  }

  conditional(
    condition: Expression,
    then: readonly Statement[],
    otherwise: readonly Statement[],
    body: (statements: readonly Statement[]) => void,
  ): void {
    this.value(condition);
    this.f.if();
    body(then);
    if (otherwise.length > 0) {
      this.f.else();
      body(otherwise);
    }
    this.f.end();
  }

  #loop(statement: ForStatement): void {
    const plan = statement.vector ? planVectorLoop(statement, this.scope, this.helpers) : undefined;
    if (plan !== undefined) emitVectorLoop(this, statement, plan);
    else this.scalarLoop(statement, statement.begin, (body) => this.body(body));
  }

  /** The loop one iteration at a time, from `begin`. */
  scalarLoop(
    { variable, end, body }: ForStatement,
    begin: Expression | Local,
    emitBody: (statements: readonly Statement[]) => void,
  ): void {
    const { f } = this;
    const counter = typeof begin === 'number' ? begin : f.local('i32');
    if (typeof begin !== 'number') {
      this.value(begin);
      f.set(counter);
    }
    this.scope.set(variable, { form: 'scalar', type: 'index', local: counter, stride: 0 });
    const limit = this.loopLimit(end);
    const isLeft = (): void => {
      f.get(counter);
      limit();
      f.op(op.i32LtS);
    };
    whileLoop(f, isLeft, () => {
      emitBody(body);
      f.increment(counter, 1);
    });
  }

  /** Pushes the loop's end each time it is called; evaluated once, now. */
  loopLimit(end: Expression): () => void {
    const { f } = this;
    if (end.kind === 'constant') return () => f.i32(Number(end.value));
    const limit = f.local('i32');
    this.value(end);
    f.set(limit);
    return () => f.get(limit);
  }

  /** Pushes the address of an element, all but the constant part, which is the answer. */
  address(buffer: number, index: Expression): number {
    const { f } = this;
    const { type, address } = this.parameter(buffer);
    const { bytes } = scalarRows[type];
    f.get(address);
    if (index.kind === 'constant') return Number(index.value) * bytes;
    this.value(index);
    if (bytes > 1) {
      f.i32(Math.log2(bytes));
      f.op(op.i32Shl);
    }
    f.op(op.i32Add);
    return 0;
  }

  /** Pushes a scalar; in a vector loop, that of its first iteration. */
  value(expression: Expression): void {
    const { f, helpers } = this;
    const type = scalarOf(expression.type);
    switch (expression.kind) {
      case 'constant':
        pushConstant(f, scalarRows[type].wasm, expression.value);
        return;
      case 'variable':
        f.get(this.#scalarLocal(expression.name));
        return;
      case 'load':
        emitLoad(f, helpers, this.parameter(expression.buffer).type, this.address(expression.buffer, expression.index));
        return;
    }
    for (const operand of operandsOf(expression)) this.value(operand);
    switch (expression.kind) {
      case 'unary':
        emitUnary(f, helpers, expression.op, scalarOf(expression.operand.type));
        return;
      case 'binary':
        emitBinary(f, helpers, expression.op, type);
        return;
      case 'compare':
        emitCompare(f, helpers, expression.op, scalarOf(expression.left.type));
        return;
      case 'select':
        f.op(op.select);
        return;
      case 'convert':
        emitConvert(f, helpers, scalarOf(expression.operand.type), type);
        return;
      case 'bitcast':
        emitBitcast(f, helpers, scalarOf(expression.operand.type), type);
    }
  }
}
