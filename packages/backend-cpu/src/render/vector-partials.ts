/** Accumulators from outside a vector loop: a vector each for what its lanes have added up, joined behind the loop. */

import type { BinaryOp } from '@ceratops/kernel-registry';
import type { Local } from '../wasm/function-writer.js';
import * as op from '../wasm/op.js';
import type { Opcode } from '../wasm/opcodes.js';
import type { Code } from './code.js';
import { emitBinary, pushConstant } from './scalar-ops.js';
import { type Scalar, scalarRows } from './scalar-types.js';
import { familyOf } from './vector-instructions.js';
import { emitExtract, emitSplat, emitVectorBinary, hasVectorBinary, type Lanes } from './vector-ops.js';
import type { VectorPlan } from './vector-plan.js';

export interface PartialResult {
  readonly name: string;
  readonly op: BinaryOp;
  readonly type: Scalar;
  readonly scalar: Local;
  readonly vectors: readonly Local[];
}

/** The neutral element of an op: adding it changes nothing, not even the sign of zero. */
function neutral(name: BinaryOp, type: Scalar): number {
  const { kind, bits } = scalarRows[type];
  if (name === 'multiply') return 1;
  if (name === 'and') return kind === 'bool' ? 1 : -1;
  if (name === 'maximum') {
    if (kind === 'float') return Number.NEGATIVE_INFINITY;
    return kind === 'int' ? -(2 ** (bits - 1)) : 0;
  }
  if (name === 'minimum') {
    if (kind === 'float') return Number.POSITIVE_INFINITY;
    return kind === 'int' ? 2 ** (bits - 1) - 1 : 2 ** bits - 1;
  }
  return name === 'add' && kind === 'float' ? -0 : 0;
}

/** Lane-wise partial results of accumulators from outside. */
export function openPartials(code: Code, plan: VectorPlan): PartialResult[] {
  const { f, scope } = code;
  return [...plan.partials].map(([name, op]) => {
    const binding = scope.get(name);
    if (binding.form === 'vector') throw new Error(`loop IR: ${name} is no scalar`);
    const { type, local: scalar } = binding;
    const vectors = Array.from({ length: plan.unroll }, () => {
      const vector = f.local('v128');
      pushConstant(f, scalarRows[type].wasm, neutral(op, type));
      emitSplat(f, type);
      f.set(vector);
      return vector;
    });
    scope.set(name, { form: 'vector', type, locals: vectors });
    return { name, op, type, scalar, vectors };
  });
}

/** Joins the parts two by two, then the lanes in halves, then the scalar. */
export function closePartials(code: Code, { lanes }: VectorPlan, partials: readonly PartialResult[]): void {
  const { f, helpers, scope } = code;
  for (const { name, op: operation, type, scalar, vectors } of partials) {
    for (let width = vectors.length / 2; width >= 1; width /= 2)
      for (let part = 0; part < width; part++) {
        f.get(vectors[part]!);
        f.get(vectors[part + width]!);
        emitJoin(code, operation, type, lanes);
        f.set(vectors[part]!);
      }
    const [total] = vectors;
    const pair = (lane: number): void => {
      emitExtract(f, helpers, total!, lane, type, lanes);
      if (lanes === 2) return;
      emitExtract(f, helpers, total!, lane + 2, type, lanes);
      emitBinary(f, helpers, operation, type);
    };
    f.get(scalar);
    pair(0);
    pair(1);
    emitBinary(f, helpers, operation, type);
    emitBinary(f, helpers, operation, type);
    f.set(scalar);
    scope.set(name, { form: 'scalar', type, local: scalar, stride: 0 });
    for (const vector of vectors) f.release('v128', vector);
  }
}

/** Joins the two vectors on the stack. */
export function emitJoin({ f, helpers }: Code, name: BinaryOp, type: Scalar, lanes: Lanes): void {
  if (hasVectorBinary(helpers, name, type)) emitVectorBinary(f, helpers, name, type);
  else helpers.late.vectors.emitByLane(f, helpers, [type, type], type, lanes, () => emitBinary(f, helpers, name, type));
}

/**
 * Joins a partial result and a new vector on the stack. WebAssembly's own extremes of floats take engines eight instructions; these three
 * keep NaN too, and of zeros the sign of the first.
 */
export function emitAccumulate(code: Code, name: BinaryOp, type: Scalar, lanes: Lanes): void {
  const { f } = code;
  const extreme = familyOf(type) === 'f32' ? extremes[name] : undefined;
  if (extreme === undefined) {
    emitJoin(code, name, type, lanes);
    return;
  }
  const vector = f.local('v128');
  f.tee(vector);
  f.op(extreme);
  f.get(vector);
  f.get(vector);
  // All ones where it is NaN, which is NaN again.
  f.op(op.f32x4Ne);
  f.op(op.v128Or);
  f.release('v128', vector);
}

const extremes: { readonly [O in BinaryOp]?: Opcode } = { maximum: op.f32x4Pmax, minimum: op.f32x4Pmin };
