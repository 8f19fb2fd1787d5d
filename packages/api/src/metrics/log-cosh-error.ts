import type { Tensor } from '@ceratops/core';
import type { Construct } from '../engine/construct.js';
import { define } from '../engine/define.js';
import { logCosh } from '../losses/regression-functions.js';
import { FunctionMetric, type MetricArguments } from '../training/parts.js';

class LogCoshErrorClass extends FunctionMetric {
  protected override get defaultName(): string {
    return 'logcosh';
  }

  override get direction(): 'down' {
    return 'down';
  }

  protected override compute(yTrue: Tensor, yPred: Tensor): Tensor {
    return logCosh(yTrue, yPred);
  }
}

export interface LogCoshError extends LogCoshErrorClass {}

/** The mean of log(cosh(error)). */
export const LogCoshError: Construct<MetricArguments, LogCoshError> = /*#__PURE__*/ define(
  'LogCoshError',
  LogCoshErrorClass,
  { module: 'keras.metrics' },
);
