/** Errors of sums of products: of the factors, and γ of the sum of the magnitudes, in whatever order it is added up. */

import type { ConvolutionAttributes, DotGeneralAttributes } from '../../opset.js';
import { sizeOf } from '../../tensor-type.js';
import type { EvaluateRule } from '../context.js';
import { evaluateConvolution, evaluateDotGeneral } from '../contraction.js';
import type { Tensor } from '../tensor.js';
import {
  type Bounded,
  type ErrorRule,
  errorType,
  filledErrors,
  isExact,
  isFloat,
  magnitudes,
  mapElements,
  numbersOf,
  unknownErrors,
} from './bounded.js';
import { finite, roundingErrorOf } from './rounding-error.js';

/** @param pads whether some products are with padding, which may be zeros or left out: that shows where a factor is no number. */
function productErrors<O extends 'dot_general' | 'convolution'>(
  evaluate: EvaluateRule<O>,
  pads: boolean,
): ErrorRule<O> {
  return ({ operands, attributes, results, values }, context) => {
    const [lhs, rhs] = operands as [Bounded, Bounded];
    const type = results[0]!;
    if (!isFloat(lhs)) {
      const isSure = (isExact(lhs) && isExact(rhs)) || sizeOf(type.shape) === 0;
      return [filledErrors(type, isSure ? 0 : Number.POSITIVE_INFINITY)];
    }
    if (pads && ![lhs, rhs].every(({ value }) => numbersOf(value).every(Number.isFinite)))
      return unknownErrors(results);
    const wide: DotGeneralAttributes | ConvolutionAttributes = { ...attributes, dtype: 'float64' };
    const run = (of: (operand: Bounded) => Tensor): Float64Array =>
      numbersOf(
        evaluate(
          { operands: [of(lhs), of(rhs)], attributes: wide as typeof attributes, results: [errorType(type)] },
          context.evaluate,
        )[0]!,
      );
    const most = run(magnitudes);
    const exact = run(({ value }) => mapElements(value.type, (i) => Math.abs(Number(value.data[i]))));
    const terms = run(({ value }) => mapElements(value.type, () => 1));
    const rounding = roundingErrorOf(type.dtype);
    const isIntegral = [lhs, rhs].every(hasIntegers);
    const y = numbersOf(values[0]!);
    return [
      mapElements(type, (i) => {
        if (isIntegral && most[i]! <= rounding.precision.integers) return 0;
        const gamma = rounding.ofSum(terms[i]!, rounding.wide);
        const computed = most[i]! - exact[i]! + gamma * most[i]! + terms[i]! * rounding.wide.smallest;
        if (!(most[i]! * (1 + gamma) <= rounding.wide.largest)) return Number.POSITIVE_INFINITY;
        return finite(rounding.wide === rounding.precision ? computed : rounding.ofRounding(y[i]!, computed));
      }),
    ];
  };
}

function hasIntegers(operand: Bounded): boolean {
  return isExact(operand) && numbersOf(operand.value).every(Number.isInteger);
}

export const dotGeneralErrors: ErrorRule<'dot_general'> = productErrors(evaluateDotGeneral, false);
export const convolutionErrors: ErrorRule<'convolution'> = productErrors(evaluateConvolution, true);
