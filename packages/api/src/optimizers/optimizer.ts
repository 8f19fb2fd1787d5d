/**
 * The base of the optimizers. A step is, in Keras' order: unscale, clip, decay weights, update, average, constrain, count.
 * All of it is traced into the training program; state lives in variables, in the order and under the names of Keras' files.
 */

import { asTensor, isVariable, type Tensor, tensor, Variable } from '@ceratops/core';
import { select } from '@ceratops/core/primitives';
import { CeratopsError } from '@ceratops/kernel-registry';
import { floatx } from '../engine/config.js';
import { Configurable } from '../engine/configurable.js';
import { classNameOf } from '../engine/define.js';
import { autoName } from '../engine/naming.js';
import type { Config } from '../engine/table.js';
import type { ConstraintFunction } from '../engine/weight.js';
import { add, cast, divide, equal, floorDivide, full, mod, multiply, notEqual, subtract } from '../ops/common.js';
import { clipByGlobalNorm, clipByNorm, clipByValue } from './gradients.js';
import { type LearningRate, type OptimizerSettings, serializeRate } from './options.js';

export interface DecayExclusion {
  readonly variables?: readonly Variable[] | undefined;
  /** Variables whose names contain one of these. */
  readonly names?: readonly string[] | undefined;
}

export interface SlotOptions {
  /** The first value of every element, 0 by default. */
  readonly initial?: number | undefined;
}

type Slots = ReadonlyMap<Variable, Variable>;

export abstract class Optimizer extends Configurable {
  declare name: string;
  declare readonly weightDecay: OptimizerSettings['weightDecay'];
  declare readonly clipnorm: OptimizerSettings['clipnorm'];
  declare readonly globalClipnorm: OptimizerSettings['globalClipnorm'];
  declare readonly clipvalue: OptimizerSettings['clipvalue'];
  declare readonly useEma: OptimizerSettings['useEma'];
  declare readonly emaMomentum: OptimizerSettings['emaMomentum'];
  declare readonly emaOverwriteFrequency: OptimizerSettings['emaOverwriteFrequency'];
  declare readonly lossScaleFactor: OptimizerSettings['lossScaleFactor'];
  declare readonly gradientAccumulationSteps: OptimizerSettings['gradientAccumulationSteps'];
  /** All state, in the order of Keras' files. */
  readonly variables: Variable[] = [];
  /** How many times gradients were applied. */
  readonly steps: Variable;
  built = false;
  declare private rate: LearningRate;
  #rateVariable: Variable | undefined;
  #trained: readonly Variable[] = [];
  #averages: Slots | undefined;
  #accumulators: Slots | undefined;
  #excluded: DecayExclusion = {};
  #shared: Map<string, unknown> = new Map();
  #touched: Set<Variable> = new Set();

  constructor(...parameters: unknown[]) {
    super(...parameters);
    this.name ??= autoName(classNameOf(this));
    const { clipnorm, globalClipnorm, clipvalue } = this;
    if ([clipnorm, globalClipnorm, clipvalue].filter((limit) => limit !== undefined).length > 1) {
      throw new CeratopsError('INVALID_ARGUMENT', 'several ways of clipping', {
        subject: this.name,
        expected: 'one of clipnorm, globalClipnorm and clipvalue',
      });
    }
    this.steps = this.addVariable('iteration', () => tensor(new Int32Array([0]), { shape: [] }));
    const { rate } = this;
    if (typeof rate === 'number') this.#rateVariable = this.addVariable('learning_rate', () => full([], rate));
  }

  // --- for subclasses -------------------------------------------------------------------------------------------

  /** Makes the slots, once: an override starts with `if (this.built) return; super.build(variables);`. */
  build(variables: readonly Variable[]): void {
    if (this.built) return;
    if (this.useEma) this.#averages = this.addSlots(variables, ['average'])[0];
    if (this.gradientAccumulationSteps !== undefined)
      this.#accumulators = this.addSlots(variables, ['gradient_accumulator'])[0];
    this.#trained = [...variables];
    this.built = true;
  }

  /** Moves one variable along its gradient, with `this.assign…`. */
  protected abstract updateStep(gradient: Tensor, variable: Variable, learningRate: Tensor): void;

  /** What happens once before the variables are updated. */
  protected beforeUpdates(): void {}

  /** A variable of the optimizer's own. */
  protected addVariable(name: string, initial: () => Tensor): Variable {
    const variable = new Variable(initial, { name, path: `${this.name}/${name}`, trainable: false });
    this.variables.push(variable);
    return variable;
  }

  /** State of each variable's shape, for each name: interleaved per variable, as Keras lays it out. */
  protected addSlots(
    variables: readonly Variable[],
    names: readonly string[],
    { initial = 0 }: SlotOptions = {},
  ): Map<Variable, Variable>[] {
    const slots = names.map(() => new Map<Variable, Variable>());
    for (const variable of variables) {
      const { shape, dtype, path } = variable;
      names.forEach((name, i) => {
        const label = `${path.replaceAll('/', '_')}_${name}`;
        slots[i]!.set(
          variable,
          this.addVariable(label, () => full(shape, initial, { dtype })),
        );
      });
    }
    return slots;
  }

  /** Computed once a step however many variables need it. */
  protected oncePerStep<T>(key: string, compute: () => T): T {
    if (!this.#shared.has(key)) this.#shared.set(key, compute());
    return this.#shared.get(key) as T;
  }

  /** The number of this step, counted from 1, in a dtype. */
  protected localStep({ dtype }: Variable): Tensor {
    return this.oncePerStep(`step ${dtype}`, () => cast(add(this.iterations, 1), dtype));
  }

  protected assign(variable: Variable, value: Tensor): Tensor {
    variable.assign(value);
    this.#touched.add(variable);
    return value;
  }

  protected assignAdd(variable: Variable, value: Tensor): Tensor {
    return this.assign(variable, add(variable, value));
  }

  protected assignSub(variable: Variable, value: Tensor): Tensor {
    return this.assign(variable, subtract(variable, value));
  }

  // --- use ------------------------------------------------------------------------------------------------------

  /** The current rate, a scalar; set it to a number or a schedule. */
  get learningRate(): Tensor {
    if (this.#rateVariable !== undefined) return this.#rateVariable.value;
    const schedule = this.rate as Exclude<LearningRate, number>;
    return asTensor(schedule(this.steps.value), floatx());
  }

  set learningRate(rate: LearningRate) {
    const constructed = isVariable(this.steps);
    if (constructed && typeof rate === 'number') {
      if (this.#rateVariable === undefined) {
        throw new CeratopsError('INVALID_STATE', 'the rate follows a schedule', {
          subject: this.name,
          remedy: 'make the optimizer with a number',
        });
      }
      this.#rateVariable.assign(full([], rate));
    } else if (constructed && this.#rateVariable !== undefined) {
      this.variables.splice(this.variables.indexOf(this.#rateVariable), 1);
      this.#rateVariable = undefined;
    }
    this.rate = rate;
  }

  /** How many times the weights moved. */
  get iterations(): Variable | Tensor {
    const { gradientAccumulationSteps: every } = this;
    return every === undefined ? this.steps : floorDivide(this.steps, every);
  }

  /** Variables that weight decay leaves alone; before the first step. */
  excludeFromWeightDecay(excluded: DecayExclusion): void {
    if (this.built) throw new CeratopsError('INVALID_STATE', 'too late to exclude variables', { subject: this.name });
    this.#excluded = excluded;
  }

  /** What the loss is multiplied by, so that small gradients do not vanish; `apply` divides by it. */
  scaleLoss(loss: Tensor): Tensor {
    return this.lossScaleFactor === undefined ? loss : multiply(loss, this.lossScaleFactor);
  }

  /** One step. Gradients are in the order of `variables`, or of those it was built for. */
  apply(gradients: readonly Tensor[], variables: readonly Variable[] = this.#trained): void {
    if (gradients.length === 0) return;
    if (!this.built) this.build(variables);
    this.#checkKnown(gradients, variables);
    this.#shared = new Map();
    const { lossScaleFactor: scale } = this;
    const unscaled = scale === undefined ? gradients : gradients.map((gradient) => divide(gradient, scale));
    if (this.#accumulators === undefined) this.#update(unscaled, variables);
    else this.#accumulate(unscaled, variables, this.#accumulators);
    if (this.#averages !== undefined) this.#average(this.#averages);
    for (const variable of variables as (Variable & { constraint?: ConstraintFunction })[]) {
      if (variable.constraint !== undefined) variable.assign(variable.constraint(variable.value));
    }
    this.steps.assign(add(this.steps, 1));
    this.#shared = new Map();
  }

  /** When training is over: the averages, if kept, become the weights. */
  finalizeVariableValues(variables: readonly Variable[]): void {
    for (const variable of variables) {
      const average = this.#averages?.get(variable);
      if (average !== undefined) variable.assign(average.value);
    }
  }

  override getConfig(): Config {
    return { ...super.getConfig(), learning_rate: serializeRate(this.rate) };
  }

  // --- the parts of a step --------------------------------------------------------------------------------------

  #checkKnown(gradients: readonly Tensor[], variables: readonly Variable[]): void {
    const { name: subject } = this;
    const unknown = variables.find((variable) => !this.#trained.includes(variable));
    if (unknown !== undefined) {
      throw new CeratopsError('INVALID_ARGUMENT', `not built for variable ${unknown.path}`, { subject });
    }
    if (gradients.length === variables.length) return;
    throw new CeratopsError('INVALID_ARGUMENT', 'wrong number of gradients', {
      subject,
      expected: `${variables.length}`,
      received: `${gradients.length}`,
    });
  }

  #clip(gradients: readonly Tensor[]): readonly Tensor[] {
    const { clipnorm = 0, globalClipnorm = 0, clipvalue = 0 } = this;
    if (clipnorm > 0) return gradients.map((gradient) => clipByNorm(gradient, clipnorm));
    if (globalClipnorm > 0) return clipByGlobalNorm(gradients, globalClipnorm);
    if (clipvalue > 0) return gradients.map((gradient) => clipByValue(gradient, clipvalue));
    return gradients;
  }

  #decays(variable: Variable): boolean {
    const { variables = [], names = [] } = this.#excluded;
    return !variables.includes(variable) && !names.some((part) => new RegExp(part).test(variable.name));
  }

  #update(gradients: readonly Tensor[], variables: readonly Variable[]): void {
    const clipped = this.#clip(gradients);
    const { weightDecay, learningRate } = this;
    if (weightDecay !== undefined) {
      for (const variable of variables.filter((candidate) => this.#decays(candidate))) {
        const step = multiply(multiply(variable, weightDecay), cast(learningRate, variable.dtype));
        this.assignSub(variable, step);
      }
    }
    this.beforeUpdates();
    variables.forEach((variable, i) => {
      this.updateStep(cast(clipped[i]!, variable.dtype), variable, cast(learningRate, variable.dtype));
    });
  }

  /** Gradients are averaged over several steps; on the others everything is computed and thrown away, as on JAX. */
  #accumulate(gradients: readonly Tensor[], variables: readonly Variable[], accumulators: Slots): void {
    const every = this.gradientAccumulationSteps!;
    const isUpdate = equal(mod(add(this.steps, 1), every), 0);
    const before = new Map([...variables, ...this.variables].map((variable) => [variable, variable.value]));
    const sums = gradients.map((gradient, i) => add(gradient, accumulators.get(variables[i]!)!));
    this.#touched = new Set();
    this.#update(
      sums.map((sum) => divide(sum, every)),
      variables,
    );
    for (const variable of this.#touched) variable.assign(select(isUpdate, variable.value, before.get(variable)!));
    variables.forEach((variable, i) => {
      const sum = sums[i]!;
      accumulators.get(variable)!.assign(select(isUpdate, full(sum.shape, 0, { dtype: sum.dtype }), sum));
    });
  }

  #average(averages: Slots): void {
    const { emaOverwriteFrequency: every } = this;
    const isOverwrite = every === undefined ? undefined : equal(mod(add(this.iterations, 1), every), 0);
    for (const variable of this.#trained) {
      const average = averages.get(variable)!;
      const momentum = multiply(cast(notEqual(this.iterations, 0), variable.dtype), this.emaMomentum);
      const next = add(multiply(momentum, average), multiply(subtract(1, momentum), variable));
      average.assign(next);
      if (isOverwrite !== undefined) variable.assign(select(isOverwrite, next, variable.value));
    }
  }
}

/** An optimizer's constructor. */
export interface OptimizerConstructor<T, O> {
  /** @param learningRate a number or a schedule; everything else goes by name. */
  new (learningRate?: LearningRate | O, options?: O): T;
  /** @param learningRate a number or a schedule; everything else goes by name. */
  (learningRate?: LearningRate | O, options?: O): T;
  readonly prototype: T;
}
