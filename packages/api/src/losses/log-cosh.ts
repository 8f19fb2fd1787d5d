import type { Tensor } from '@ceratops/core';
import type { Construct } from '../engine/construct.js';
import { define } from '../engine/define.js';
import { FunctionLoss, type LossArguments } from '../training/parts.js';
import { logCosh } from './regression-functions.js';

class LogCoshClass extends FunctionLoss {
  protected override get defaultName(): string {
    return 'log_cosh';
  }

  protected override compute(yTrue: Tensor, yPred: Tensor): Tensor {
    return logCosh(yTrue, yPred);
  }
}

export interface LogCosh extends LogCoshClass {}

/** The mean of log(cosh(error)): squared for small errors, absolute for large ones. */
export const LogCosh: Construct<LossArguments, LogCosh> = /*#__PURE__*/ define('LogCosh', LogCoshClass, {
  module: 'keras.losses',
});
