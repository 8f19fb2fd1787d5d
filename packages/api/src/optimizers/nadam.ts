import { type Tensor, Variable } from '@ceratops/core';
import { floatx } from '../engine/config.js';
import { define } from '../engine/define.js';
import { autoName } from '../engine/naming.js';
import { float } from '../engine/rows.js';
import type { Table } from '../engine/table.js';
import { add, cast, divide, full, multiply, power, sqrt, square, subtract } from '../ops/common.js';
import {
  commonRows,
  Optimizer,
  type OptimizerConstructor,
  type OptimizerOptions,
  type OptimizerSettings,
} from '../training/parts.js';
import { complement } from './complement.js';

export interface NadamOptions extends OptimizerOptions {
  /** How slowly the first moment follows, 0.9 by default. */
  readonly beta1?: number | undefined;
  /** How slowly the second moment follows, 0.999 by default. */
  readonly beta2?: number | undefined;
  /** 1e-7 by default. */
  readonly epsilon?: number | undefined;
}

interface NadamSettings extends OptimizerSettings {
  beta1: number;
  beta2: number;
  epsilon: number;
}

type Slots = ReadonlyMap<Variable, Variable>;

class NadamClass extends Optimizer {
  declare readonly beta1: number;
  declare readonly beta2: number;
  declare readonly epsilon: number;
  #momentums: Slots | undefined;
  #velocities: Slots | undefined;
  /** The product of all momentum weights so far. */
  #product: Variable | undefined;

  static override table(): Table<NadamSettings> {
    return {
      ...commonRows(0.001),
      beta1: float('beta_1', 0.9),
      beta2: float('beta_2', 0.999),
      epsilon: float('epsilon', 1e-7),
    };
  }

  override build(variables: readonly Variable[]): void {
    if (this.built) return;
    super.build(variables);
    [this.#momentums, this.#velocities] = this.addSlots(variables, ['momentum', 'velocity']);
    const dtype = variables[0]?.dtype ?? floatx();
    const name = autoName('Variable');
    this.#product = new Variable(() => full([], 1, { dtype }), { name, path: name, trainable: false });
    this.variables.push(this.#product);
  }

  /** The momentum weight of the step that is `ahead` of this one. */
  #weight(variable: Variable, ahead: number): Tensor {
    return this.oncePerStep(`weight ${ahead} ${variable.dtype}`, () => {
      const step = add(this.localStep(variable), ahead);
      return multiply(subtract(1, multiply(power(0.96, step), 0.5)), this.beta1);
    });
  }

  protected override beforeUpdates(): void {
    const product = this.#product!;
    this.assign(product, multiply(product, this.#weight(product, 0)));
  }

  protected override updateStep(gradient: Tensor, variable: Variable, learningRate: Tensor): void {
    const { beta1, beta2, epsilon } = this;
    const momentums = this.#momentums!.get(variable)!;
    const velocities = this.#velocities!.get(variable)!;
    const [now, next] = [this.#weight(variable, 0), this.#weight(variable, 1)];
    const product = cast(this.#product!, variable.dtype);
    const momentum = this.assignAdd(momentums, multiply(subtract(gradient, momentums), complement(beta1, variable)));
    const velocity = this.assignAdd(
      velocities,
      multiply(subtract(square(gradient), velocities), complement(beta2, variable)),
    );
    const ahead = divide(multiply(momentum, next), subtract(1, multiply(product, next)));
    const direct = divide(multiply(gradient, subtract(1, now)), subtract(1, product));
    const spread = divide(velocity, subtract(1, power(beta2, this.localStep(variable))));
    const step = multiply(add(ahead, direct), learningRate);
    this.assignSub(variable, divide(step, add(sqrt(spread), epsilon)));
  }
}

export interface Nadam extends NadamClass {}

/** Adam with Nesterov momentum. The learning rate is 0.001 by default. */
export const Nadam: OptimizerConstructor<Nadam, NadamOptions> = /*#__PURE__*/ define('Nadam', NadamClass, {
  module: 'keras.optimizers',
});
