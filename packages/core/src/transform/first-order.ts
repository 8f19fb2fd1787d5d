/**
 * Reverse-mode differentiation of functions of tensors that hold no gradients themselves, as training has it. `gradient.ts` brings the rules
 * that gradients of gradients need beside.
 */
import { CeratopsError, formatType, type Program, splat, type TensorType } from '@ceratops/kernel-registry';
import { isDifferentiable, type Recording } from '@ceratops/kernel-registry/tracing';
import { record } from '../autodiff/record.js';
import { emitter } from '../graph/emit.js';
import type { Node } from '../graph/node.js';
import { constantNode } from '../graph/operation.js';
import { nodeKey, Tensor } from '../tensor/tensor.js';
import type { Variable } from '../variable.js';
import { customVjp } from './custom-gradient.js';
import {
  type HiddenState,
  hiddenOperands,
  hiddenState,
  openTree,
  programOf,
  publishWrites,
  type Traced,
  trace,
} from './trace.js';

/** A function traced for differentiation and recorded in the current frame. */
export interface Linearised {
  readonly traced: Traced;
  readonly state: HiddenState;
  readonly program: Program;
  /** Values of the outputs in the current frame. */
  readonly outputs: readonly Node[];
  readonly recording: Recording;
}

interface Plan {
  /** Indices of inputs, or variables, to differentiate with respect to. */
  readonly wrt: (traced: Traced, state: HiddenState) => readonly number[];
  /** Indices of outputs that get cotangents. */
  readonly of: (traced: Traced) => readonly number[];
}

export function linearise(
  label: string,
  args: readonly Tensor[],
  body: (inputs: Tensor[]) => unknown,
  plan: Plan,
): Linearised {
  const nodes = args.map((arg) => arg[nodeKey]);
  const traced = trace(
    label,
    nodes.map(({ type }) => type),
    body,
  );
  const of = plan.of(traced);
  const state = hiddenState(traced);
  const program = programOf(label, traced, state);
  const recording = record(emitter, program, [...nodes, ...hiddenOperands(state)], {
    wrt: plan.wrt(traced, state),
    of,
    compositeVjp: customVjp,
  });
  const outputs = recording.outputs as readonly Node[];
  publishWrites(state, outputs.slice(traced.outputs.length));
  return { traced, state, program, outputs, recording };
}

/** One value that fills a type, as a literal of the program. */
export function filled(type: TensorType, value: number): Node {
  return constantNode(splat(type, value));
}

export function checkLoss(label: string, traced: Traced): void {
  const [loss] = traced.outputs;
  if (loss !== undefined && loss.type.shape.length === 0 && isDifferentiable(loss.type)) return;
  throw new CeratopsError('INVALID_ARGUMENT', 'only a scalar can be differentiated', {
    subject: label,
    expected: 'a floating scalar as the (first) result',
    received: loss === undefined ? 'no tensor' : formatType(loss.type),
    remedy: 'reduce it (sum or mean), or use vjp',
  });
}

/** Gradients of the first output, with zeros where nothing depends. */
export function lossGradients({ recording, outputs }: Linearised, types: readonly TensorType[]): Tensor[] {
  const cotangents = recording.backward([filled(outputs[0]!.type, 1)]);
  return types.map((type, i) => new Tensor((cotangents[i] as Node | undefined) ?? filled(type, 0)));
}

export function settleResults(results: readonly Tensor[]): void {
  for (const result of results) result[nodeKey].engine?.relieve();
}

export type Opened = ReturnType<typeof openTree>;

export function callWith<A extends readonly unknown[], R>(
  fn: (...args: A) => R,
  opened: readonly Opened[],
  inputs: Tensor[],
): R {
  let next = 0;
  const args = opened.map(({ tensors, fill }) => fill(inputs.slice(next, (next += tensors.length))));
  return fn(...(args as unknown as A));
}

/**
 * `fn` with its gradients with respect to the current values of variables: (…args) → [value, one gradient per variable]. The first
 * tensor of the value is the loss. What `fn` writes to variables takes effect in the surrounding frame.
 */
export function firstOrderGradients<A extends readonly unknown[], R>(
  fn: (...args: A) => R,
  variables: readonly Variable[],
): (...args: A) => [R, Tensor[]] {
  const label = fn.name || 'valueAndGradVariables';
  return (...args: A) => {
    const opened = args.map(openTree);
    const all = opened.flatMap(({ tensors }) => tensors);
    const linearised = linearise(label, all, (inputs) => callWith(fn, opened, inputs), {
      wrt: (traced, state) => {
        const first = traced.inputs.length + state.captures.length;
        return variables.map((variable) => first + state.read.indexOf(variable));
      },
      of: (traced) => {
        checkLoss(label, traced);
        // A variable that nothing reads is an input all the same, with a gradient of zero.
        for (const variable of variables) traced.frame.variableInput(variable);
        return [0];
      },
    });
    const gradients = lossGradients(
      linearised,
      variables.map(({ type }) => type),
    );
    const { traced, outputs } = linearised;
    const value = traced.fill(outputs.slice(0, traced.outputs.length).map((node) => new Tensor(node))) as R;
    settleResults(gradients);
    return [value, gradients];
  };
}
