/** Contractions, reductions and windows over any emitter. */

import type { Emitter, Value } from '../builder.js';
import type { ConvolutionAttributes, DotGeneralAttributes, WindowAttributes } from '../opset.js';
import { identityOf, type ReducerOp, scalarRegion } from '../region.js';
import { tensorType } from '../tensor-type.js';
import { fill } from './constant.js';

/** Batching dimensions default to none, the dtype to the operands', precision to `default`. */
export type DotGeneralOptions = Partial<DotGeneralAttributes> &
  Pick<DotGeneralAttributes, 'lhsContractingDimensions' | 'rhsContractingDimensions'>;

export function dotGeneral(emitter: Emitter, lhs: Value, rhs: Value, options: DotGeneralOptions): Value {
  const attributes: DotGeneralAttributes = {
    lhsBatchingDimensions: [],
    rhsBatchingDimensions: [],
    precision: 'default',
    dtype: lhs.type.dtype,
    ...options,
  };
  return emitter.emit('dot_general', [lhs, rhs], attributes)[0]!;
}

export function convolution(emitter: Emitter, input: Value, kernel: Value, attributes: ConvolutionAttributes): Value {
  return emitter.emit('convolution', [input, kernel], attributes)[0]!;
}

export type ReduceEmit = (emitter: Emitter, operand: Value, dimensions: readonly number[]) => Value;

/** Reduces from the op's identity by an op whose gradient needs no general rule; over no dimensions it emits nothing. */
function reducer(op: ReducerOp): ReduceEmit {
  return (emitter, operand, dimensions) => {
    if (dimensions.length === 0) return operand;
    const { dtype } = operand.type;
    const initial = fill(emitter, tensorType(dtype, []), identityOf(op, dtype));
    return emitter.emit('reduce', [operand, initial], { dimensions, body: scalarRegion(dtype, op) })[0]!;
  };
}

export const reduceSum: ReduceEmit = /*#__PURE__*/ reducer('add');
export const reduceMax: ReduceEmit = /*#__PURE__*/ reducer('maximum');
export const reduceMin: ReduceEmit = /*#__PURE__*/ reducer('minimum');
export const reduceAnd: ReduceEmit = /*#__PURE__*/ reducer('and');
export const reduceOr: ReduceEmit = /*#__PURE__*/ reducer('or');

export type ReduceWindowEmit = (emitter: Emitter, operand: Value, window: WindowAttributes) => Value;

function windowReducer(op: ReducerOp): ReduceWindowEmit {
  return (emitter, operand, window) => {
    const { dtype, shape } = operand.type;
    const initial = fill(emitter, tensorType(dtype, []), identityOf(op, dtype));
    const undilated = shape.map(() => 1);
    const attributes = {
      ...window,
      baseDilations: undilated,
      windowDilations: undilated,
      body: scalarRegion(dtype, op),
    };
    return emitter.emit('reduce_window', [operand, initial], attributes)[0]!;
  };
}

export const reduceWindowSum: ReduceWindowEmit = /*#__PURE__*/ windowReducer('add');
export const reduceWindowMax: ReduceWindowEmit = /*#__PURE__*/ windowReducer('maximum');
export const reduceWindowMin: ReduceWindowEmit = /*#__PURE__*/ windowReducer('minimum');
