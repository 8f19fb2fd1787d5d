/** A `vector` loop in lanes: a main loop of whole (unrolled) vectors, what is left one iteration at a time. */

import { type Expression, operandsOf, type Statement } from '@ceratops/compiler';
import { whileLoop } from '../kernels/affine.js';
import type { Local } from '../wasm/function-writer.js';
import * as memoryOp from '../wasm/memory-op.js';
import * as op from '../wasm/op.js';
import type { Code } from './code.js';
import { emitLoad, emitStore, emitVectorLoad, emitVectorStore } from './memory.js';
import { emitUnary } from './scalar-ops.js';
import { type Scalar, scalarOf, scalarRows } from './scalar-types.js';
import {
  emitExtract,
  emitReplace,
  emitSplat,
  emitVectorCompare,
  emitVectorConvert,
  emitVectorShift,
  emitVectorUnary,
  hasVectorUnary,
  type Lanes,
} from './vector-ops.js';
import { closePartials, emitAccumulate, emitJoin, openPartials } from './vector-partials.js';
import { type ForStatement, isConstantShift, type VectorPlan } from './vector-plan.js';

export function emitVectorLoop(code: Code, loop: ForStatement, plan: VectorPlan): void {
  const { f, scope } = code;
  const counter = f.local('i32');
  code.value(loop.begin);
  f.set(counter);
  const limit = code.loopLimit(loop.end);
  const count = constantCount(loop);
  const outer = new Map([...plan.splats].map((name) => [name, scope.get(name)]));
  for (const [name, binding] of outer) {
    if (binding.form === 'vector') continue;
    const splat = f.local('v128');
    f.get(binding.local);
    emitSplat(f, binding.type);
    f.set(splat);
    scope.set(name, { ...binding, splat });
  }
  const partials = openPartials(code, plan);
  let left = count;
  for (const unroll of plan.unroll > 1 ? [plan.unroll, 1] : [1]) {
    const step = unroll * plan.lanes;
    if (left !== undefined && left < step) continue;
    new VectorBody(code, plan, unroll).loop(loop, counter, limit);
    if (left !== undefined) left %= step;
  }
  closePartials(code, plan, partials);
  if (left !== 0) code.scalarLoop(loop, counter, (body) => code.body(body));
  for (const [name, binding] of outer) scope.set(name, binding);
}

function constantCount({ begin, end }: ForStatement): number | undefined {
  if (begin.kind !== 'constant' || end.kind !== 'constant') return undefined;
  return Math.max(0, Number(end.value) - Number(begin.value));
}

/** The loop's body for `unroll` vectors of iterations at a time. */
class VectorBody {
  readonly #code: Code;
  readonly #lanes: Lanes;
  readonly #unroll: number;
  readonly #partials: VectorPlan['partials'];

  constructor(code: Code, plan: VectorPlan, unroll: number) {
    this.#code = code;
    this.#partials = plan.partials;
    this.#lanes = plan.lanes;
    this.#unroll = unroll;
  }

  /** Runs while a whole step is left; `counter` ends at the first iteration that is not done. */
  loop({ variable, body }: ForStatement, counter: Local, limit: () => void): void {
    const { f, scope } = this.#code;
    const step = this.#lanes * this.#unroll;
    scope.set(variable, { form: 'scalar', type: 'index', local: counter, stride: 1 });
    const isLeft = (): void => {
      limit();
      f.get(counter);
      f.op(op.i32Sub);
      f.i32(step);
      f.op(op.i32GeS);
    };
    whileLoop(f, isLeft, () => {
      this.#body(body);
      f.increment(counter, step);
    });
  }

  #body(statements: readonly Statement[]): void {
    for (const statement of statements) this.#statement(statement);
  }

  #statement(statement: Statement): void {
    const code = this.#code;
    switch (statement.kind) {
      case 'let':
        this.#let(statement.name, statement.value);
        return;
      case 'accumulator':
        this.#declare(statement.name, scalarOf(statement.type), statement.initial);
        return;
      case 'assign':
        this.#assign(statement.name, (part) => this.#value(statement.value, part));
        return;
      case 'accumulate': {
        const { type } = code.scope.get(statement.name);
        const locals = this.#locals(statement.name);
        const join = this.#partials.has(statement.name) ? emitAccumulate : emitJoin;
        this.#assign(statement.name, (part) => {
          code.f.get(locals[part]!);
          this.#value(statement.value, part);
          join(code, statement.op, type, this.#lanes);
        });
        return;
      }
      case 'store':
        this.#store(statement.buffer, statement.index, statement.value);
        return;
      case 'if':
        code.conditional(statement.condition, statement.then, statement.otherwise, (body) => this.#body(body));
        return;
      case 'while':
        whileLoop(
          code.f,
          () => code.value(statement.condition),
          () => this.#body(statement.body),
        );
        return;
      case 'for':
        code.scalarLoop(statement, statement.begin, (body) => this.#body(body));
    }
  }

  #locals(name: string): readonly Local[] {
    const binding = this.#code.scope.get(name);
    if (binding.form !== 'vector') throw new Error(`loop IR: ${name} is no vector`);
    return binding.locals;
  }

  #assign(name: string, push: (part: number) => void): void {
    const locals = this.#locals(name);
    for (let part = 0; part < this.#unroll; part++) {
      push(part);
      this.#code.f.set(locals[part]!);
    }
  }

  #let(name: string, value: Expression): void {
    const { f, scope } = this.#code;
    const stride = scope.stride(value);
    const type = scalarOf(value.type);
    if (stride === undefined) {
      this.#declare(name, type, value);
      return;
    }
    const local = this.#code.declare(name, type, value, stride);
    if (type === 'index' || (scalarRows[type].bits === 64) !== (this.#lanes === 2)) return;
    const splat = f.local('v128');
    f.get(local);
    emitSplat(f, type);
    f.set(splat);
    scope.set(name, { form: 'scalar', type, local, stride, splat });
  }

  #declare(name: string, type: Scalar, value: Expression): void {
    const { f, scope } = this.#code;
    const locals = Array.from({ length: this.#unroll }, (_, part) => {
      const local = f.local('v128');
      this.#value(value, part);
      f.set(local);
      return local;
    });
    scope.set(name, { form: 'vector', type, locals });
  }

  /** Pushes the vector of one unrolled part. */
  #value(expression: Expression, part: number): void {
    const code = this.#code;
    const lanes = this.#lanes;
    const { f, helpers, scope } = code;
    const type = scalarOf(expression.type);
    const stride = scope.stride(expression);
    if (stride === 0) {
      this.#splat(expression, type);
      return;
    }
    if (stride !== undefined) {
      this.#indexVector(expression, stride, part);
      return;
    }
    if (expression.kind === 'variable') {
      f.get(this.#locals(expression.name)[part]!);
      return;
    }
    if (expression.kind === 'load') {
      this.#load(expression.buffer, expression.index, part);
      return;
    }
    if (expression.kind === 'binary' && isConstantShift(expression)) {
      this.#value(expression.left, part);
      emitVectorShift(f, expression.op, Number(expression.right.value));
      return;
    }
    for (const operand of operandsOf(expression)) this.#value(operand, part);
    switch (expression.kind) {
      case 'unary': {
        const operand = scalarOf(expression.operand.type);
        if (hasVectorUnary(helpers, expression.op, operand)) emitVectorUnary(f, helpers, expression.op, operand);
        else {
          const unary = (): void => emitUnary(f, helpers, expression.op, operand);
          helpers.late.vectors.emitByLane(f, helpers, [operand], type, lanes, unary);
        }
        return;
      }
      case 'binary':
        emitJoin(code, expression.op, type, lanes);
        return;
      case 'compare':
        emitVectorCompare(f, helpers, expression.op, scalarOf(expression.left.type));
        return;
      case 'select':
        f.op(op.v128Bitselect);
        return;
      case 'convert':
        emitVectorConvert(f, helpers, scalarOf(expression.operand.type), type);
    }
  }

  /** All lanes equal. */
  #splat(expression: Expression, type: Scalar): void {
    const code = this.#code;
    const lanes = this.#lanes;
    const { f } = code;
    if (expression.kind === 'constant') {
      const { wasm, kind } = scalarRows[type];
      const value = kind === 'bool' ? -Number(expression.value) : expression.value;
      f.get(f.constant(wasm === 'f64' ? 'f64x2' : wasm === 'f32' ? 'f32x4' : 'i32x4', value));
      return;
    }
    if (expression.kind === 'variable') {
      const binding = code.scope.get(expression.name);
      if (binding.form === 'scalar' && binding.splat !== undefined) {
        f.get(binding.splat);
        return;
      }
    }
    if (expression.kind === 'load' && type !== 'bool' && scalarRows[type].bytes === 16 / lanes) {
      const offset = code.address(expression.buffer, expression.index);
      f.memory(lanes === 4 ? memoryOp.v128Load32Splat : memoryOp.v128Load64Splat, offset);
      return;
    }
    code.value(expression);
    emitSplat(f, type);
  }

  /** An affine index as data: first + part·lanes·stride + (0, 1, 2, 3)·stride. */
  #indexVector(expression: Expression, stride: number, part: number): void {
    const { f } = this.#code;
    this.#code.value(expression);
    f.op(op.i32x4Splat);
    const bytes = new Uint8Array(Int32Array.from([0, 1, 2, 3], (lane) => (part * this.#lanes + lane) * stride).buffer);
    f.get(f.vectorConstant(`iota ${stride} ${part * this.#lanes}`, [...bytes]));
    f.op(op.i32x4Add);
  }

  #load(buffer: number, index: Expression, part: number): void {
    const code = this.#code;
    const lanes = this.#lanes;
    const { f, helpers } = code;
    const { type } = code.parameter(buffer);
    if (code.scope.stride(index) === 1) {
      const offset = code.address(buffer, index);
      emitVectorLoad(f, helpers, type, lanes, offset + part * lanes * scalarRows[type].bytes);
      return;
    }
    const result = f.local('v128');
    f.get(f.constant('i32x4', 0));
    f.set(result);
    this.#eachAddress(buffer, index, part, (lane) => {
      const value = f.local(scalarRows[type].wasm);
      emitLoad(f, helpers, type);
      f.set(value);
      f.get(result);
      f.get(value);
      emitReplace(f, helpers, lane, type, lanes);
      f.set(result);
      f.release(scalarRows[type].wasm, value);
    });
    f.get(result);
    f.release('v128', result);
  }

  #store(buffer: number, index: Expression, value: Expression): void {
    const code = this.#code;
    const lanes = this.#lanes;
    const { f, helpers } = code;
    const { type } = code.parameter(buffer);
    const unit = code.scope.stride(index) === 1;
    for (let part = 0; part < this.#unroll; part++) {
      if (unit) {
        const offset = code.address(buffer, index);
        this.#value(value, part);
        emitVectorStore(f, helpers, type, lanes, offset + part * lanes * scalarRows[type].bytes);
        continue;
      }
      const vector = f.local('v128');
      this.#value(value, part);
      f.set(vector);
      this.#eachAddress(buffer, index, part, (lane) => {
        emitExtract(f, helpers, vector, lane, type, lanes);
        emitStore(f, helpers, type);
      });
      f.release('v128', vector);
    }
  }

  /** For each lane: pushes the element's address, then `access`. */
  #eachAddress(buffer: number, index: Expression, part: number, access: (lane: number) => void): void {
    const code = this.#code;
    const lanes = this.#lanes;
    const { f, helpers } = code;
    const { type, address } = code.parameter(buffer);
    const { bytes } = scalarRows[type];
    const stride = code.scope.stride(index);
    if (stride === undefined) {
      const indices = f.local('v128');
      this.#value(index, part);
      f.set(indices);
      for (let lane = 0; lane < lanes; lane++) {
        f.get(address);
        emitExtract(f, helpers, indices, lane, 'index', lanes);
        f.i32(bytes);
        f.op(op.i32Mul);
        f.op(op.i32Add);
        access(lane);
      }
      f.release('v128', indices);
      return;
    }
    const first = f.local('i32');
    code.address(buffer, index);
    f.set(first);
    for (let lane = 0; lane < lanes; lane++) {
      f.get(first);
      f.i32((part * lanes + lane) * stride * bytes);
      f.op(op.i32Add);
      access(lane);
    }
    f.release('i32', first);
  }
}
