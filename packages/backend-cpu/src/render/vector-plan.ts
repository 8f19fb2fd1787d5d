/** Whether a loop can run in lanes, with how many, and how far it pays to unroll it. */

import { type Expression, operandsOf, type Statement } from '@ceratops/compiler';
import type { BinaryOp } from '@ceratops/kernel-registry';
import type { Helpers } from './helpers.js';
import { type Scalar, scalarOf } from './scalar-types.js';
import { type Scope, strideOf } from './scope.js';
import { fitsLanes, hasVectorBinary, hasVectorConvert, hasVectorUnary, type Lanes } from './vector-ops.js';

export type ForStatement = Extract<Statement, { kind: 'for' }>;

export interface VectorPlan {
  readonly lanes: Lanes;
  readonly unroll: number;
  /** Accumulators from outside the loop that it adds to, with their op. */
  readonly partials: ReadonlyMap<string, BinaryOp>;
  /** Unchanging scalars from outside that vectors are computed with. */
  readonly splats: ReadonlySet<string>;
}

/** Thrown inside the analysis only. */
class NotVector extends Error {}

class Analysis {
  readonly lanes: Lanes;
  readonly scope: Scope;
  readonly helpers: Helpers;
  readonly strides: Map<string, number | undefined> = new Map();
  readonly types: Map<string, Scalar> = new Map();
  readonly partials: Map<string, BinaryOp> = new Map();
  readonly splats: Set<string> = new Set();
  statements = 0;
  stores = 0;
  vectorOps = 0;
  laneOps = 0;

  constructor(lanes: Lanes, scope: Scope, helpers: Helpers) {
    this.lanes = lanes;
    this.scope = scope;
    this.helpers = helpers;
  }

  variable = (name: string): number | undefined => (this.strides.has(name) ? this.strides.get(name) : 0);

  stride(expression: Expression): number | undefined {
    return strideOf(expression, this.variable);
  }

  body(statements: readonly Statement[]): void {
    for (const statement of statements) this.statement(statement);
  }

  statement(statement: Statement): void {
    this.statements++;
    if (statement.kind === 'store') this.stores++;
    switch (statement.kind) {
      case 'let': {
        const stride = this.stride(statement.value);
        this.strides.set(statement.name, stride);
        if (stride === undefined) this.value(statement.value);
        return;
      }
      case 'accumulator':
        this.strides.set(statement.name, undefined);
        this.value(statement.initial);
        this.#fits(scalarOf(statement.type));
        return;
      case 'accumulate':
        if (!this.strides.has(statement.name)) this.#addPartial(statement.name, statement.op);
        this.value(statement.value);
        return;
      case 'assign':
        if (!this.strides.has(statement.name) || this.strides.get(statement.name) !== undefined) throw new NotVector();
        this.value(statement.value);
        return;
      case 'store': {
        const stride = this.stride(statement.index);
        if (stride === 0) throw new NotVector();
        if (stride !== 1) this.laneOps++;
        if (stride === undefined) this.value(statement.index);
        this.value(statement.value);
        return;
      }
      case 'if':
        this.#uniform(statement.condition);
        this.body(statement.then);
        this.body(statement.otherwise);
        return;
      case 'while':
        this.#uniform(statement.condition);
        this.body(statement.body);
        return;
      case 'for':
        this.#uniform(statement.begin);
        this.#uniform(statement.end);
        this.strides.set(statement.variable, 0);
        this.body(statement.body);
    }
  }

  #addPartial(name: string, op: BinaryOp): void {
    const known = this.partials.get(name);
    if (known !== undefined && known !== op) throw new NotVector();
    this.partials.set(name, op);
    this.#fits(this.scope.get(name).type);
  }

  #uniform(expression: Expression): void {
    if (this.stride(expression) !== 0) throw new NotVector();
  }

  #fits(type: Scalar): void {
    if (type !== 'index' && !fitsLanes(type, this.lanes)) throw new NotVector();
    if (type === 'index' && this.lanes === 2) throw new NotVector();
  }

  #count(vector: boolean): void {
    if (vector) this.vectorOps++;
    else this.laneOps++;
  }

  /** An expression whose value is needed in lanes. */
  value(expression: Expression): void {
    const stride = this.stride(expression);
    if (stride === 0) {
      if (expression.kind === 'variable' && !this.strides.has(expression.name)) this.splats.add(expression.name);
      this.#fits(scalarOf(expression.type));
      return;
    }
    this.#fits(scalarOf(expression.type));
    if (stride !== undefined) {
      this.vectorOps++;
      return;
    }
    this.#varying(expression);
  }

  #varying(expression: Expression): void {
    const type = scalarOf(expression.type);
    switch (expression.kind) {
      case 'load': {
        const stride = this.stride(expression.index);
        this.#count(stride === 1 || stride === 0);
        if (stride === undefined) this.value(expression.index);
        return;
      }
      case 'unary':
        this.#count(hasVectorUnary(this.helpers, expression.op, scalarOf(expression.operand.type)));
        break;
      case 'binary':
        this.#count(hasVectorBinary(this.helpers, expression.op, type) || isConstantShift(expression));
        break;
      case 'compare':
      case 'select':
        this.vectorOps++;
        break;
      case 'convert':
        if (!hasVectorConvert(scalarOf(expression.operand.type), type, this.lanes)) throw new NotVector();
        this.vectorOps++;
        break;
      case 'bitcast':
        if (!isFreeBitcast(scalarOf(expression.operand.type), type)) throw new NotVector();
    }
    for (const operand of operandsOf(expression)) this.value(operand);
  }
}

type Binary = Extract<Expression, { kind: 'binary' }>;

/** A shift of a 32-bit integer by a constant. */
export function isConstantShift(
  expression: Binary,
): expression is Binary & { readonly right: Extract<Expression, { kind: 'constant' }> } {
  const { op, type, right } = expression;
  if (right.kind !== 'constant' || !op.startsWith('sh')) return false;
  const amount = Number(right.value);
  return (type === 'int32' || type === 'uint32') && amount >= 0 && amount < 32;
}

/** A bit cast that changes nothing in a vector. */
export function isFreeBitcast(from: Scalar, to: Scalar): boolean {
  const full: readonly Scalar[] = ['int32', 'uint32', 'float32', 'index'];
  return from === to || (full.includes(from) && full.includes(to));
}

/** Undefined where the loop has to run one iteration at a time. */
export function planVectorLoop(loop: ForStatement, scope: Scope, helpers: Helpers): VectorPlan | undefined {
  for (const lanes of [4, 2] as const) {
    if (loop.extent < lanes) continue;
    const analysis = new Analysis(lanes, scope, helpers);
    analysis.strides.set(loop.variable, 1);
    try {
      analysis.body(loop.body);
    } catch (error) {
      if (error instanceof NotVector) continue;
      throw error;
    }
    if (analysis.laneOps > analysis.vectorOps) return undefined;
    return { lanes, unroll: chooseUnroll(analysis, loop, lanes), partials: analysis.partials, splats: analysis.splats };
  }
  return undefined;
}

/**
 * Several vectors at a time: sums and long formulas wait for each other less, and more work comes to one constant or test. Around a short
 * loop, such as that of a sum over rows, two cache lines at a time.
 */
function chooseUnroll({ statements, stores }: Analysis, loop: ForStatement, lanes: Lanes): number {
  let unroll = statements <= 12 && loop.body.some(({ kind }) => kind === 'for') ? 8 : 4;
  if (statements > (stores > 1 ? 12 : 24)) unroll = Math.min(unroll, 2);
  if (statements > 40) unroll = 1;
  while (unroll > 1 && unroll * lanes > loop.extent) unroll /= 2;
  return unroll;
}
