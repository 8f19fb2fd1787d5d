/** Initializers whose spread follows from the number of inputs and outputs of the weight. */

import type { Tensor } from '@ceratops/core';
import type { DType, Shape } from '@ceratops/kernel-registry';
import type { Construct } from '../engine/construct.js';
import { define } from '../engine/define.js';
import { axes, float, oneOf, optional, positional } from '../engine/rows.js';
import type { Row, Table } from '../engine/table.js';
import { normal, truncatedNormal, uniform } from '../random/distributions.js';
import { RandomInitializer, type Seed, type SeedOptions, seedRow } from './initializer.js';

const module = 'keras.initializers';

export type FanMode = 'fan_in' | 'fan_out' | 'fan_avg';
export type Distribution = 'truncated_normal' | 'untruncated_normal' | 'uniform';
type Axes = number | readonly number[] | undefined;

export interface FanOptions extends SeedOptions {
  /** The axes that count as inputs, together with `outputAxes`. */
  readonly inputAxes?: number | readonly number[] | undefined;
  /** The axes that count as outputs. */
  readonly outputAxes?: number | readonly number[] | undefined;
}

export interface VarianceScalingOptions extends FanOptions {
  readonly scale?: number | undefined;
  readonly mode?: FanMode | undefined;
  readonly distribution?: Distribution | 'normal' | undefined;
}

interface FanSettings {
  seed: Seed | undefined;
  inputAxes: Axes;
  outputAxes: Axes;
}

interface VarianceScalingSettings extends FanSettings {
  scale: number;
  mode: FanMode;
  distribution: Distribution;
}

/** The standard deviation of a normal distribution cut at two standard deviations. */
const truncatedDeviation = 0.87962566103423978;

/** How many inputs and outputs a weight of this shape connects, as Keras counts them. */
export function computeFans(shape: Shape, inputAxes?: Axes, outputAxes?: Axes): [fanIn: number, fanOut: number] {
  const product = (sizes: readonly (number | undefined)[]): number =>
    sizes.reduce<number>((size, next) => size * next!, 1);
  if (inputAxes !== undefined && outputAxes !== undefined) {
    const over = (axes: number | readonly number[]): number => product([axes].flat().map((axis) => shape.at(axis)));
    return [over(inputAxes), over(outputAxes)];
  }
  if (shape.length < 2) return [shape[0] ?? 1, shape[0] ?? 1];
  const receptive = product(shape.slice(0, -2));
  return [shape.at(-2)! * receptive, shape.at(-1)! * receptive];
}

abstract class FanInitializer extends RandomInitializer {
  declare readonly inputAxes: Axes;
  declare readonly outputAxes: Axes;
  abstract readonly scale: number;
  abstract readonly mode: FanMode;
  abstract readonly distribution: Distribution;

  override invoke(shape: Shape, dtype?: DType): Tensor {
    const [fanIn, fanOut] = computeFans(shape, this.inputAxes, this.outputAxes);
    const fan = { fan_in: fanIn, fan_out: fanOut, fan_avg: (fanIn + fanOut) / 2 }[this.mode];
    const scale = this.scale / Math.max(1, fan);
    const seed = this.drawnSeed;
    if (this.distribution === 'uniform') {
      const limit = Math.sqrt(3 * scale);
      return uniform(shape, -limit, limit, { dtype, seed });
    }
    if (this.distribution === 'untruncated_normal') return normal(shape, { stddev: Math.sqrt(scale), dtype, seed });
    return truncatedNormal(shape, { stddev: Math.sqrt(scale) / truncatedDeviation, dtype, seed });
  }
}

const fanRows = (): Table<FanSettings> => ({
  seed: seedRow(),
  inputAxes: optional(axes('input_axes')),
  outputAxes: optional(axes('output_axes')),
});

/** `normal` is Keras' older name of the truncated normal distribution. */
function distributionRow(): Row<Distribution> {
  const row = oneOf<Distribution>(
    'distribution',
    ['truncated_normal', 'untruncated_normal', 'uniform'],
    'truncated_normal',
  );
  const resolve = (value: unknown, subject: string): Distribution => {
    const name = typeof value === 'string' ? value.toLowerCase() : value;
    return row.resolve(name === 'normal' ? 'truncated_normal' : name, subject);
  };
  return positional({ ...row, resolve });
}

class VarianceScalingClass extends FanInitializer {
  declare readonly scale: number;
  declare readonly mode: FanMode;
  declare readonly distribution: Distribution;

  static override table(): Table<VarianceScalingSettings> {
    return {
      scale: float('scale', 1, { min: Number.MIN_VALUE }),
      mode: positional(oneOf<FanMode>('mode', ['fan_in', 'fan_out', 'fan_avg'], 'fan_in')),
      distribution: distributionRow(),
      ...fanRows(),
    };
  }
}

export interface VarianceScaling extends VarianceScalingClass {}
/** Variance `scale / fan`, in one of three distributions. */
export const VarianceScaling: Construct<
  [scale?: number | VarianceScalingOptions, ...rest: (FanMode | Distribution | VarianceScalingOptions)[]],
  VarianceScaling
> = /*#__PURE__*/ define('VarianceScaling', VarianceScalingClass, { module });

type FanConstructor<T> = Construct<[seed?: Seed | FanOptions, options?: FanOptions], T>;

class GlorotUniformClass extends FanInitializer {
  readonly scale = 1;
  readonly mode = 'fan_avg';
  readonly distribution = 'uniform';
  static override table(): Table<FanSettings> {
    return fanRows();
  }
}

export interface GlorotUniform extends GlorotUniformClass {}
/** Uniform within √(6 / (fanIn + fanOut)): what most kernels start from. */
export const GlorotUniform: FanConstructor<GlorotUniform> = /*#__PURE__*/ define('GlorotUniform', GlorotUniformClass, {
  module,
});

class GlorotNormalClass extends FanInitializer {
  readonly scale = 1;
  readonly mode = 'fan_avg';
  readonly distribution = 'truncated_normal';
  static override table(): Table<FanSettings> {
    return fanRows();
  }
}

export interface GlorotNormal extends GlorotNormalClass {}
/** Truncated normal of variance 2 / (fanIn + fanOut). */
export const GlorotNormal: FanConstructor<GlorotNormal> = /*#__PURE__*/ define('GlorotNormal', GlorotNormalClass, {
  module,
});

class HeUniformClass extends FanInitializer {
  readonly scale = 2;
  readonly mode = 'fan_in';
  readonly distribution = 'uniform';
  static override table(): Table<FanSettings> {
    return fanRows();
  }
}

export interface HeUniform extends HeUniformClass {}
/** Uniform within √(6 / fanIn). */
export const HeUniform: FanConstructor<HeUniform> = /*#__PURE__*/ define('HeUniform', HeUniformClass, { module });

class HeNormalClass extends FanInitializer {
  readonly scale = 2;
  readonly mode = 'fan_in';
  readonly distribution = 'truncated_normal';
  static override table(): Table<FanSettings> {
    return fanRows();
  }
}

export interface HeNormal extends HeNormalClass {}
/** Truncated normal of variance 2 / fanIn. */
export const HeNormal: FanConstructor<HeNormal> = /*#__PURE__*/ define('HeNormal', HeNormalClass, { module });

class LecunUniformClass extends FanInitializer {
  readonly scale = 1;
  readonly mode = 'fan_in';
  readonly distribution = 'uniform';
  static override table(): Table<FanSettings> {
    return fanRows();
  }
}

export interface LecunUniform extends LecunUniformClass {}
/** Uniform within √(3 / fanIn). */
export const LecunUniform: FanConstructor<LecunUniform> = /*#__PURE__*/ define('LecunUniform', LecunUniformClass, {
  module,
});

class LecunNormalClass extends FanInitializer {
  readonly scale = 1;
  readonly mode = 'fan_in';
  readonly distribution = 'truncated_normal';
  static override table(): Table<FanSettings> {
    return fanRows();
  }
}

export interface LecunNormal extends LecunNormalClass {}
/** Truncated normal of variance 1 / fanIn. */
export const LecunNormal: FanConstructor<LecunNormal> = /*#__PURE__*/ define('LecunNormal', LecunNormalClass, {
  module,
});
