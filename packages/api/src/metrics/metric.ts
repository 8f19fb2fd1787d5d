/** The base of the metrics: variables that updates add to and results are made of. */

import { type Tensor, type TensorLike, Variable } from '@ceratops/core';
import { CeratopsError, type DType, type Shape } from '@ceratops/kernel-registry';
import { floatx } from '../engine/config.js';
import { Configurable } from '../engine/configurable.js';
import { classNameOf } from '../engine/define.js';
import { autoName } from '../engine/naming.js';
import { optional, positional, string } from '../engine/rows.js';
import { show } from '../engine/show.js';
import type { AnyTable, Config } from '../engine/table.js';
import { zeros } from '../ops/common.js';

export interface MetricOptions {
  readonly name?: string | undefined;
  /** What it computes in; `floatx()` by default. */
  readonly dtype?: DType | undefined;
}

/** Of metrics that have no arguments of their own. */
export type MetricArguments = [name?: string | MetricOptions, options?: MetricOptions];

/** Calling a metric updates it and gives its result. */
export interface Metric {
  (...parameters: readonly (TensorLike | undefined)[]): Tensor;
  readonly dtype: DType;
}

// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the interface adds the call signature that Callable makes true
export abstract class Metric extends Configurable {
  readonly $metric: true = true;
  declare name: string;
  /** The state: changed by updates, inside programs too. */
  readonly variables: Variable[] = [];

  static override baseTable(): AnyTable {
    return { name: positional(string('name')), dtype: optional(string('dtype')) };
  }

  constructor(...parameters: unknown[]) {
    super(...parameters);
    this.name ??= this.defaultName ?? autoName(classNameOf(this));
    (this as { dtype?: DType }).dtype ??= floatx();
  }

  /** The name when none is given; made from the class name when undefined. */
  protected get defaultName(): string | undefined {
    return undefined;
  }

  /** What `monitor` takes for better: `up`, `down`, or unknown. */
  get direction(): 'up' | 'down' | undefined {
    return undefined;
  }

  /** Adds to the state. */
  abstract updateState(...parameters: readonly (TensorLike | undefined)[]): void;

  /** The value so far: a scalar, usually. */
  abstract result(): Tensor;

  /** Makes a variable of the state, zeros at first. */
  addVariable(name: string, shape: Shape): Variable {
    const { dtype } = this;
    if (typeof name !== 'string' || !Array.isArray(shape)) {
      throw new CeratopsError('INVALID_ARGUMENT', 'bad variable', {
        subject: this.name,
        expected: 'addVariable(name, shape)',
        received: `${show(name)}, ${show(shape)}`,
      });
    }
    const path = `${this.name.replaceAll('/', '>')}/${name}`;
    const variable = new Variable(() => zeros(shape, { dtype }), { name, path, trainable: false });
    this.variables.push(variable);
    return variable;
  }

  /** Starts over. */
  resetState(): void {
    for (const variable of this.variables) variable.assign(zeros(variable.shape, { dtype: variable.dtype }));
  }

  override invoke(...parameters: readonly (TensorLike | undefined)[]): Tensor {
    this.updateState(...parameters);
    return this.result();
  }

  override getConfig(): Config {
    return { name: this.name, dtype: this.dtype, ...super.getConfig() };
  }
}
