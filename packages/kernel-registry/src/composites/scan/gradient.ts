/** Reverse mode of scan: a scan that stacks what the way back needs, and a scan in the other direction. */
import { buildProgram, type Emitter, inline, type Value } from '../../builder.js';
import { add } from '../../emit/elementwise.js';
import { outputTypes, type Program, type ValueId, valueTypes } from '../../program.js';
import type { TensorType } from '../../tensor-type.js';
import { type Cotangent, isDifferentiable, type RuleContext, type VjpContext, type VjpRule } from '../../vjp/rule.js';
import { type SplitVjp, splitVjp } from '../../vjp/split.js';
import { zerosOf } from '../../vjp/support.js';
import { emitAgain, type ScanAttributes, type ScanOperands, scanAttributes } from './attributes.js';
import { rebuild } from './body.js';
import { planResiduals, type ResidualPlan } from './residuals.js';

/** What `forward` finds out for the way back. */
interface Notes {
  readonly scan: ScanAttributes;
  /** Per input of the body, whether a gradient flows to it. */
  readonly active: readonly boolean[];
  /** Outputs of the body that get cotangents. */
  readonly of: readonly number[];
  readonly split: SplitVjp;
  readonly plan: ResidualPlan;
}

type Context = RuleContext<'composite'>;

export const scanGradient: VjpRule<'composite'> = {
  kind: 'own',
  forward: (context) => {
    const scan = scanAttributes(context.attributes.attributes);
    const notes = prepare(context, scan);
    const { body } = notes.plan;
    const { carries, stacks } = emitAgain(context.emitter, partsOf(context.operands, scan), { ...scan, body });
    const own = scan.body.outputs.length - scan.carries;
    return { results: [...carries, ...stacks.slice(0, own)], residuals: stacks.slice(own), notes };
  },
  vjp: (context) => wayBack(context, context.notes as Notes),
};

function partsOf(operands: readonly Value[], { constants, carries }: ScanAttributes): ScanOperands {
  const outer = constants + carries;
  return {
    constants: operands.slice(0, constants),
    carries: operands.slice(constants, outer),
    elements: operands.slice(outer),
  };
}

function prepare({ needed, record }: Context, scan: ScanAttributes): Notes {
  const { body } = scan;
  const types = outputTypes(body);
  const active = body.inputs.map(({ type }, i) => needed[i]! && isDifferentiable(type));
  // A carry is active from the first iteration on if it becomes so in a later one.
  let reached: readonly boolean[];
  for (let changed = true; changed; ) {
    reached = reachedOutputs(body, active);
    changed = false;
    for (let carry = 0; carry < scan.carries; carry++) {
      const input = scan.constants + carry;
      if (active[input] || !reached[carry] || !isDifferentiable(types[carry]!)) continue;
      active[input] = true;
      changed = true;
    }
  }
  const of = types.flatMap((type, i) => (reached![i] && isDifferentiable(type) ? [i] : []));
  const wrt = active.flatMap((isActive, i) => (isActive ? [i] : []));
  const split = splitVjp(record, body, { wrt, of });
  return { scan, active, of, split, plan: planResiduals(scan, split) };
}

/** Per output, whether it depends on one of the inputs. */
function reachedOutputs({ instructions, outputs }: Program, inputs: readonly boolean[]): boolean[] {
  const reached = [...inputs];
  for (const { operands, results } of instructions) {
    const isReached = operands.some((id) => reached[id]);
    for (const _ of results) reached.push(isReached);
  }
  return outputs.map((id) => reached[id]!);
}

function wayBack(context: VjpContext<'composite'>, notes: Notes): Cotangent[] {
  const { emitter, operands, cotangents, residuals, results } = context;
  const { scan, active, plan } = notes;
  const { body, constants, carries } = scan;
  const outer = constants + carries;
  const inputsWhere = (from: number, to: number): number[] =>
    active.flatMap((isActive, i) => (isActive && i >= from && i < to ? [i] : []));
  const activeConstants = inputsWhere(0, constants);
  const activeCarries = inputsWhere(constants, outer);
  const givenStacks = cotangents.flatMap((cotangent, i) => (i >= carries && cotangent !== undefined ? [i] : []));
  const known = new Map(operands.slice(0, constants).map((value, id) => [id, value] as const));
  const invariants = rebuild(emitter, plan.body, plan.invariant, known);
  const zeros = (input: number): Value => zerosOf(emitter, operands[input]!.type);
  const { carries: final, stacks } = emitAgain(
    emitter,
    {
      constants: [...plan.constants.map((id) => operands[id]!), ...invariants],
      carries: [
        ...activeCarries.map((input) => cotangents[input - constants] ?? zeros(input)),
        ...activeConstants.map(zeros),
      ],
      elements: [
        ...plan.elements.map((id) => operands[id]!),
        ...plan.results.map(({ stack }) => results[carries + stack]!),
        ...residuals,
        ...givenStacks.map((i) => cotangents[i]!),
      ],
    },
    {
      body: backwardBody(notes, { activeConstants, activeCarries, givenStacks }),
      length: scan.length,
      reverse: !scan.reverse,
    },
  );
  const gradients = new Map<number, Value>();
  for (const [i, input] of [...activeCarries, ...activeConstants].entries()) gradients.set(input, final[i]!);
  for (const [i, input] of inputsWhere(outer, body.inputs.length).entries()) gradients.set(input, stacks[i]!);
  return operands.map((_, input) => gradients.get(input));
}

interface Flow {
  readonly activeConstants: readonly number[];
  readonly activeCarries: readonly number[];
  /** Outputs of the forward body that are stacks with a cotangent. */
  readonly givenStacks: readonly number[];
}

/** (constants, invariants; cotangents of carries, sums of gradients; starts of residuals, cotangents of stacks) → the next ones, gradients of elements. */
function backwardBody({ scan, active, of, split, plan }: Notes, flow: Flow): Program {
  const types = valueTypes(plan.body);
  const outputs = outputTypes(scan.body);
  const typeOf = (id: ValueId): TensorType => types[id]!;
  const starts = [...plan.elements, ...plan.results.map(({ id }) => id), ...plan.stacked];
  const fixed = [...plan.constants, ...plan.invariant];
  const inputs = [
    ...fixed.map(typeOf),
    ...flow.activeCarries.map(typeOf),
    ...flow.activeConstants.map(typeOf),
    ...starts.map(typeOf),
    ...flow.givenStacks.map((i) => outputs[i]!),
  ];
  return buildProgram(
    inputs,
    (e, ...values) => {
      const take = (count: number): Value[] => values.splice(0, count);
      const known = new Map(take(fixed.length).map((value, i) => [fixed[i]!, value]));
      const carried = take(flow.activeCarries.length);
      const sums = take(flow.activeConstants.length);
      for (const [i, value] of take(starts.length).entries()) known.set(starts[i]!, value);
      const seeds = cotangentsOf(e, { of, outputs, carried, given: values }, scan, flow);
      const residuals = rebuild(e, plan.body, plan.residuals, known);
      const gradients = inline(e, split.backward, [...residuals, ...seeds]);
      const wrt = active.flatMap((isActive, i) => (isActive ? [i] : []));
      const gradientOf = (input: number): Value => gradients[wrt.indexOf(input)]!;
      const elements = wrt.filter((input) => input >= scan.constants + scan.carries);
      return [
        ...flow.activeCarries.map(gradientOf),
        ...flow.activeConstants.map((input, i) => add(e, sums[i]!, gradientOf(input))),
        ...elements.map(gradientOf),
      ];
    },
    `${scan.body.name} backward`,
  );
}

interface Seeds {
  readonly of: readonly number[];
  readonly outputs: readonly TensorType[];
  readonly carried: readonly Value[];
  readonly given: readonly Value[];
}

/** The cotangents of the body's outputs, zeros where the stack got none. */
function cotangentsOf(e: Emitter, { of, outputs, carried, given }: Seeds, scan: ScanAttributes, flow: Flow): Value[] {
  return of.map((output) => {
    const known =
      output < scan.carries
        ? carried[flow.activeCarries.indexOf(scan.constants + output)]
        : given[flow.givenStacks.indexOf(output)];
    return known ?? zerosOf(e, outputs[output]!);
  });
}
