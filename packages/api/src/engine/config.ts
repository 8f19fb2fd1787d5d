/** The few process-wide settings of Keras: default float dtype and epsilon, each read when an object is made. */

import { CeratopsError, type DType, isDType, isFloating } from '@ceratops/kernel-registry';

let floatxValue: DType = 'float32';
let epsilonValue = 1e-7;

/** The default float dtype of layers and tensors. */
export function floatx(): DType {
  return floatxValue;
}

/** @throws INVALID_ARGUMENT unless `dtype` is a float dtype. */
export function setFloatx(dtype: DType): void {
  if (!isDType(dtype) || !isFloating(dtype)) {
    throw new CeratopsError('INVALID_ARGUMENT', 'not a float dtype', {
      subject: 'setFloatx',
      expected: 'bfloat16, float16, float32 or float64',
      received: String(dtype),
    });
  }
  floatxValue = dtype;
}

/** The small number that losses and metrics add against division by zero; 1e-7 unless set. */
export function epsilon(): number {
  return epsilonValue;
}

export function setEpsilon(value: number): void {
  epsilonValue = value;
}
