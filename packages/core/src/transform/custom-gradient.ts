/** Functions whose gradient their author gives, and values that have none. */
import {
  CeratopsError,
  type CompositeDefinition,
  type CompositeVjp,
  type OpAttributes,
  type Program,
} from '@ceratops/kernel-registry';
import { defineComposite, inline, registerComposite } from '@ceratops/kernel-registry/tracing';
import { assemble } from '../graph/assemble.js';
import { emitNodes } from '../graph/emit.js';
import type { Node } from '../graph/node.js';
import { operationOf } from '../graph/operation.js';
import { TraceFrame, withFrame } from '../graph/trace-frame.js';
import { runtime } from '../runtime.js';
import { nodeKey, Tensor } from '../tensor/tensor.js';
import { tensorList } from './region.js';
import { trace } from './trace.js';

const stopName = 'ceratops.stop_gradient@1';

const stop: CompositeDefinition = /*#__PURE__*/ defineComposite({
  name: stopName,
  infer: (operands) => operands,
  decompose: (_emitter, operands) => operands,
  vjp: {
    // It stays in the program, so that it also stops the second derivative.
    forward: (emitter, operands, attributes) => ({
      results: emitter.emit('composite', operands, { name: stopName, attributes }),
      residuals: [],
    }),
    backward: (_emitter, _residuals, cotangents) => cotangents.map(() => undefined),
  },
});

/** The same value, as a constant to differentiation. */
export function stopGradient(x: Tensor): Tensor {
  // Eager values are never differentiated: that happens in traces only.
  if (runtime().frame === null) return x;
  registerComposite(stop);
  const [node] = emitNodes(operationOf('composite', { name: stopName, attributes: {} }), [x[nodeKey]]);
  return new Tensor(node!);
}

/** What a composite with a gradient of its own is made of, beside its decomposition. */
export interface CustomParts {
  readonly vjp: CompositeVjp;
  /** operands → what the way back uses. */
  readonly residuals: Program;
  /** residuals ++ cotangents → gradients. */
  readonly backward: Program;
}

/** The parts of customGradient's composites, by the decomposition they carry. */
const customs: WeakMap<Program, CustomParts> = new WeakMap();
let lastCustom = 0;

/** For `record`: the gradient that came with a composite. */
export function customVjp({ decomposition }: OpAttributes['composite']): CompositeVjp | undefined {
  return customParts(decomposition)?.vjp;
}

export function customParts(decomposition: Program | undefined): CustomParts | undefined {
  return decomposition === undefined ? undefined : customs.get(decomposition);
}

/** The attributes of a new composite with a gradient of its own. */
export function customComposite(value: Program, residuals: Program, backward: Program): OpAttributes['composite'] {
  const attributes = { name: 'ceratops.custom_gradient@1', attributes: { id: ++lastCustom }, decomposition: value };
  customs.set(value, { vjp: makeVjp(attributes, residuals, backward), residuals, backward });
  return attributes;
}

export type CustomGradientFunction = (...args: Tensor[]) => {
  readonly value: Tensor | readonly Tensor[];
  /** Cotangents of the values → one gradient per argument. It may use what `fn` computed. */
  readonly gradient: (...cotangents: Tensor[]) => Tensor | readonly Tensor[];
};

/**
 * A function with a gradient of its own. Tensors that `fn` captures get no gradient through it.
 * The gradient is made of ordinary ops, so it can be differentiated again.
 */
export function customGradient(fn: CustomGradientFunction): (...args: Tensor[]) => Tensor | Tensor[] {
  return (...args) => {
    if (runtime().frame === null) return unwrap(fn(...args).value);
    const label = fn.name || 'customGradient';
    const types = args.map(({ [nodeKey]: { type } }) => type);
    let backward: TracedBackward | undefined;
    const forward = trace(label, types, (inputs) => {
      const { value, gradient } = fn(...inputs);
      backward = traceBackward(label, tensorList(value), gradient);
      return [tensorList(value), backward.residuals.map((node) => new Tensor(node))];
    });
    rejectVariables(label, forward.frame);
    const hidden = [...forward.frame.captures.keys()];
    const inputs = [...forward.inputs, ...forward.frame.captures.values()];
    const count = forward.outputs.length - backward!.residuals.length;
    const nodes = forward.frame.nodes;
    const value = assemble({ name: label, inputs, outputs: forward.outputs.slice(0, count), nodes });
    const residuals = assemble({ name: label, inputs, outputs: forward.outputs.slice(count), nodes });
    const attributes = customComposite(value, residuals, backward!.program);
    const operands = [...args.map((arg) => arg[nodeKey]), ...hidden];
    return unwrap(emitNodes(operationOf('composite', attributes), operands).map((node) => new Tensor(node)));
  };
}

interface TracedBackward {
  /** residuals ++ cotangents → gradients. */
  readonly program: Program;
  /** Values of the forward trace that the gradient uses. */
  readonly residuals: readonly Node[];
}

/** Traces the gradient inside the forward trace: what it uses from there are its residuals. */
function traceBackward(
  label: string,
  values: readonly Tensor[],
  gradient: (...cotangents: Tensor[]) => Tensor | readonly Tensor[],
): TracedBackward {
  const name = `gradient of ${label}`;
  const frame = new TraceFrame(name, runtime().frame);
  const cotangents = values.map(({ [nodeKey]: { type } }) => frame.input(type));
  const results = withFrame(frame, () => tensorList(gradient(...cotangents.map((node) => new Tensor(node)))));
  const outputs = results.map((result) => frame.localise(result[nodeKey]));
  rejectVariables(name, frame);
  const inputs = [...frame.captures.values(), ...cotangents];
  return {
    program: assemble({ name, inputs, outputs, nodes: frame.nodes }),
    residuals: [...frame.captures.keys()],
  };
}

function rejectVariables(label: string, frame: TraceFrame): void {
  const [variable] = frame.variables.keys();
  if (variable === undefined) return;
  throw new CeratopsError('UNSUPPORTED', 'a custom gradient cannot use variables', {
    subject: `${label}, ${variable.path}`,
    remedy: 'pass variable.value as an argument',
  });
}

function makeVjp(composite: OpAttributes['composite'], residuals: Program, backward: Program): CompositeVjp {
  return {
    // The residuals are recorded as plain ops, so that second derivatives flow through them.
    forward: (emitter, operands) => ({
      results: emitter.emit('composite', operands, composite),
      residuals: inline(emitter, residuals, operands),
    }),
    backward: (emitter, kept, cotangents) => inline(emitter, backward, [...kept, ...cotangents]),
  };
}

function unwrap(values: Tensor | readonly Tensor[]): Tensor | Tensor[] {
  const list = tensorList(values);
  return list.length === 1 ? list[0]! : [...list];
}
