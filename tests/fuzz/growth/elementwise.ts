/** One element from one. */

import { type DType, dtypes, type Value } from '@ceratops/kernel-registry';
import * as emit from '@ceratops/kernel-registry/emit';
import {
  axesOf,
  floats,
  type Growth,
  integers,
  isFloat,
  kindOf,
  partnerOf,
  randomDType,
  type Scope,
  valueOfType,
} from './scope.js';

const arithmetic: Growth = (scope, value) => {
  const ops = [emit.add, emit.multiply, emit.maximum, emit.minimum];
  if (kindOf(value) !== 'bool') ops.push(emit.subtract);
  return [scope.draw.pick(ops)(scope.emitter, value, partnerOf(scope, value))];
};

const withConstant: Growth = (scope, value) => {
  const { emitter: e, draw } = scope;
  const constant = emit.constantLike(e, value, kindOf(value) === 'bool' ? draw.below(2) : draw.between(0, 4));
  const ops = [emit.add, emit.multiply, emit.maximum, emit.minimum];
  if (kindOf(value) !== 'bool') ops.push(emit.subtract, emit.divide, emit.power);
  const operands: [Value, Value] = draw.once(4) ? [constant, value] : [value, constant];
  return [draw.pick(ops)(e, ...operands)];
};

/** Away from zero, mostly: quotients near it say nothing. */
function divisor(scope: Scope, value: Value): Value {
  const { emitter: e, draw } = scope;
  if (!isFloat(value) || draw.once(6)) return value;
  const size = kindOf(value) === 'float' ? emit.abs(e, value) : value;
  return emit.add(e, size, emit.constantLike(e, size, 0.5));
}

const divisions: Growth = (scope, value) => {
  if (kindOf(value) === 'bool') return [];
  return [
    scope.draw.pick([emit.divide, emit.remainder])(scope.emitter, value, divisor(scope, partnerOf(scope, value))),
  ];
};

const powers: Growth = (scope, value) => {
  const { emitter: e, draw } = scope;
  if (kindOf(value) === 'bool') return [];
  if (isFloat(value) && draw.once(2)) return [emit.atan2(e, value, partnerOf(scope, value))];
  const exponent = isFloat(value) ? emit.tanh(e, partnerOf(scope, value)) : partnerOf(scope, value);
  return [emit.power(e, divisor(scope, value), exponent)];
};

const bits: Growth = (scope, value) => {
  const ops = [emit.and, emit.or, emit.xor];
  if (isFloat(value)) return [];
  if (kindOf(value) !== 'bool') ops.push(emit.shiftLeft, emit.shiftRightArithmetic, emit.shiftRightLogical);
  return [scope.draw.pick(ops)(scope.emitter, value, partnerOf(scope, value))];
};

const unaries: Growth = ({ emitter: e, draw }, value) => {
  const ops = {
    bool: [emit.not],
    int: [emit.abs, emit.negate, emit.sign, emit.not],
    uint: [emit.negate, emit.not],
    float: [emit.abs, emit.negate, emit.sign, emit.floor, emit.ceil, emit.roundNearestEven, emit.sqrt],
  }[kindOf(value)]!;
  return [draw.pick(ops)(e, value)];
};

const functions: Growth = (scope, value) => {
  const { emitter: e, draw } = scope;
  if (!isFloat(value)) return [];
  const bounded = [emit.tanh, emit.sine, emit.cosine, emit.exponential, emit.exponentialMinusOne];
  const ofPositive = [emit.log, emit.logPlusOne, emit.sqrt];
  return [draw.once(3) ? draw.pick(ofPositive)(e, divisor(scope, value)) : draw.pick(bounded)(e, value)];
};

const comparisons: Growth = (scope, value) => {
  const { emitter: e, draw } = scope;
  if (isFloat(value) && draw.once(8)) return [emit.isFinite(e, value)];
  return [emit.compare(e, value, partnerOf(scope, value), draw.pick(['EQ', 'NE', 'LT', 'LE', 'GT', 'GE']))];
};

const selections: Growth = (scope, value) => {
  const { emitter: e, draw } = scope;
  const other = partnerOf(scope, value);
  const shape = draw.once(4) ? [] : value.type.shape;
  const predicate = draw.once(2)
    ? valueOfType(scope, { dtype: 'bool', shape })
    : emit.compare(
        e,
        valueOfType(scope, { dtype: 'int32', shape }),
        valueOfType(scope, { dtype: 'int32', shape }),
        'GT',
      );
  return [emit.select(e, predicate, value, other)];
};

const conversions: Growth = ({ emitter: e, draw }, value) => {
  const converted = emit.convert(e, value, randomDType(draw));
  return converted === value ? [] : [converted];
};

/** Through another dtype of any kind, which may saturate, wrap or round on the way. */
const detours: Growth = ({ emitter: e, draw }, value) => {
  const any = (): DType => draw.pick<DType>([...floats, ...integers]);
  return [emit.convert(e, emit.convert(e, value, any()), any())];
};

/** Bits of floats as integers; not the other way, where most patterns are no ordinary numbers. */
const bitcasts: Growth = ({ emitter: e, draw }, value) => {
  const from = dtypes[value.type.dtype];
  if (from.kind === 'bool') return [];
  const to = dtypes[draw.pick<DType>(integers)];
  const { shape } = value.type;
  if (from.bits === to.bits) return [emit.bitcastConvert(e, value, { dtype: to.name, shape })];
  if (from.bits > to.bits) {
    return [emit.bitcastConvert(e, value, { dtype: to.name, shape: [...shape, from.bits / to.bits] })];
  }
  if (shape.at(-1) !== to.bits / from.bits) return [];
  return [emit.bitcastConvert(e, value, { dtype: to.name, shape: shape.slice(0, -1) })];
};

const iotas: Growth = ({ emitter: e, draw }, value) => {
  if (axesOf(value).length === 0 || kindOf(value) === 'bool') return [];
  return [emit.add(e, value, emit.iota(e, value.type, draw.pick(axesOf(value))))];
};

export const elementwiseGrowths: readonly Growth[] = [
  arithmetic,
  arithmetic,
  arithmetic,
  arithmetic,
  withConstant,
  withConstant,
  divisions,
  powers,
  bits,
  unaries,
  unaries,
  functions,
  functions,
  functions,
  comparisons,
  selections,
  selections,
  conversions,
  conversions,
  detours,
  bitcasts,
  iotas,
];
