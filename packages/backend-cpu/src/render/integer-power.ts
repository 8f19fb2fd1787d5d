import type { FunctionIndex } from '../wasm/function-writer.js';
import * as op from '../wasm/late-op.js';
import type { ModuleWriter } from '../wasm/module-writer.js';

const i32Ops = { mul: op.i32Mul, and: op.i32And, shr: op.i32ShrU, eqz: op.i32Eqz, eq: op.i32Eq, lt: op.i32LtS };
const i64Ops = { mul: op.i64Mul, and: op.i64And, shr: op.i64ShrU, eqz: op.i64Eqz, eq: op.i64Eq, lt: op.i64LtS };

/**
 * Emits (base, exponent) → base^exponent by squaring, wrapping. A negative exponent gives 0 but for the bases 1 and -1,
 * as StableHLO's power does.
 */
export function emitIntegerPower(module: ModuleWriter, type: 'i32' | 'i64', signed: boolean): FunctionIndex {
  const f = module.function(`pow_${type}`, [type, type], [type]);
  const o = type === 'i32' ? i32Ops : i64Ops;
  const constant = (value: number): void => (type === 'i32' ? f.i32(value) : f.i64(BigInt(value)));
  const [base, exponent, result] = [0, 1, f.local(type)];
  if (signed) {
    f.get(exponent);
    constant(0);
    f.op(o.lt);
    f.if();
    // base where the exponent is odd, else 1; only right for 1 and -1.
    f.get(base);
    constant(1);
    f.get(exponent);
    constant(1);
    f.op(o.and);
    f.op(o.eqz);
    f.op(op.i32Eqz);
    f.op(op.select);
    constant(0);
    f.get(base);
    constant(1);
    f.op(o.eq);
    f.get(base);
    constant(-1);
    f.op(o.eq);
    f.op(op.i32Or);
    f.op(op.select);
    f.op(op.return);
    f.end();
  }
  constant(1);
  f.set(result);
  f.block();
  f.loop();
  f.get(exponent);
  f.op(o.eqz);
  f.branchIf(1);
  f.get(exponent);
  constant(1);
  f.op(o.and);
  f.op(o.eqz);
  f.op(op.i32Eqz);
  f.if();
  f.get(result);
  f.get(base);
  f.op(o.mul);
  f.set(result);
  f.end();
  f.get(base);
  f.get(base);
  f.op(o.mul);
  f.set(base);
  f.get(exponent);
  constant(1);
  f.op(o.shr);
  f.set(exponent);
  f.branch(0);
  f.end();
  f.end();
  f.get(result);
  return f.index;
}
