/** Evenly spaced numbers: arange, linspace. */

import { type Tensor, tensor } from '@ceratops/core';
import { type DType, dtypes, type HostArray } from '@ceratops/kernel-registry';
import { floatx } from '../engine/config.js';
import type { DTypeOptions } from './creation.js';
import { castTo, invalid, leading } from './support.js';

export interface ArangeOptions extends DTypeOptions {
  readonly step?: number | undefined;
}

/** `arange(stop)` or `arange(start, stop, step)`: int32 when all are integers, else `floatx()`. */
export function arange(start: number, stop?: number | ArangeOptions, step?: number | ArangeOptions): Tensor {
  const options = { ...(typeof stop === 'object' ? stop : {}), ...(typeof step === 'object' ? step : {}) };
  const [first, end] = typeof stop === 'number' ? [start, stop] : [0, start];
  const stride = typeof step === 'number' ? step : (options.step ?? 1);
  if (stride === 0) throw invalid('arange', 'the step is 0');
  const count = Math.max(0, Math.ceil((end - first) / stride));
  const integers = [first, end, stride].every(Number.isInteger);
  const dtype = options.dtype ?? (integers ? 'int32' : floatx());
  return fromNumbers(
    Array.from({ length: count }, (_, i) => first + i * stride),
    dtype,
  );
}

function fromNumbers(values: readonly number[], dtype: DType): Tensor {
  if (dtypes[dtype].kind === 'float' && dtypes[dtype].bits < 32) return castTo(fromNumbers(values, 'float32'), dtype);
  const data: HostArray = new dtypes[dtype].host(values.length);
  values.forEach((value, i) => {
    data[i] = typeof data[i] === 'bigint' ? BigInt(value) : value;
  });
  return tensor(data, { dtype, shape: [values.length] });
}

export interface LinspaceOptions extends DTypeOptions {
  readonly num?: number | undefined;
  /** Whether `stop` is the last value; true by default. */
  readonly endpoint?: boolean | undefined;
}

/** `num` (50) evenly spaced values from start to stop. */
export function linspace(
  start: number,
  stop: number,
  first?: number | LinspaceOptions,
  rest?: LinspaceOptions,
): Tensor {
  const { num = 50, endpoint = true, dtype = floatx() } = leading<LinspaceOptions>('num', first, rest);
  const step = (stop - start) / Math.max(1, endpoint ? num - 1 : num);
  return fromNumbers(
    Array.from({ length: num }, (_, i) => (endpoint && i === num - 1 && num > 1 ? stop : start + i * step)),
    dtype,
  );
}
