/** Tracing a function over trees of tensors. */
import { CeratopsError, type Program, type TensorType } from '@ceratops/kernel-registry';
import { assemble } from '../graph/assemble.js';
import type { Node } from '../graph/node.js';
import { TraceFrame, withFrame } from '../graph/trace-frame.js';
import { internType, type ValueType } from '../graph/value-type.js';
import { runtime } from '../runtime.js';
import { isTensor, nodeKey, Tensor } from '../tensor/tensor.js';
import { flatten, isPlainObject, unflatten } from '../tree.js';
import { readVariable, type Variable, writeVariable } from '../variable.js';

export interface Traced {
  readonly frame: TraceFrame;
  readonly inputs: readonly Node[];
  /** The tensors among the result's leaves. */
  readonly outputs: readonly Node[];
  /** The result with other tensors. */
  readonly fill: Fill;
}

/** A tree again, with these in place of its tensors, in order. */
export type Fill = (values: readonly unknown[]) => unknown;

const ofTensor: unique symbol = /*#__PURE__*/ Symbol();

/** Takes a tree apart. `fill` does not keep the tensors. */
export function openTree(tree: unknown): { readonly tensors: Tensor[]; readonly fill: Fill } {
  const { leaves, spec } = flatten(tree);
  const others = leaves.map((leaf) => (isTensor(leaf) ? ofTensor : leaf));
  const fill: Fill = (values) => {
    let next = 0;
    return unflatten(
      spec,
      others.map((leaf) => (leaf === ofTensor ? values[next++] : leaf)),
    );
  };
  return { tensors: leaves.filter(isTensor), fill };
}

/** Runs `body` on traced stand-ins for tensors of these types. */
export function trace(label: string, types: readonly ValueType[], body: (inputs: Tensor[]) => unknown): Traced {
  const frame = new TraceFrame(label, runtime().frame);
  const inputs = types.map((type) => frame.input(type));
  return withFrame(frame, () => {
    const tree = body(inputs.map((input) => new Tensor(input)));
    rejectPromise(label, tree);
    const { tensors, fill } = openTree(tree);
    return { frame, inputs, outputs: tensors.map((tensor) => frame.localise(tensor[nodeKey])), fill };
  });
}

function rejectPromise(label: string, tree: unknown): void {
  if (!(tree instanceof Promise)) return;
  tree.catch(() => {});
  throw new CeratopsError('INVALID_ARGUMENT', 'a traced function must not be async', {
    subject: label,
    expected: 'a tree of tensors',
    received: 'a Promise',
    remedy: 'read values outside of the traced function',
  });
}

/** What a trace reads and writes beside its arguments, in the order of its program's inputs and outputs. */
export interface HiddenState {
  readonly captures: readonly Node[];
  /** Variables that are inputs. */
  readonly read: readonly Variable[];
  /** Variables that are outputs. */
  readonly written: readonly Variable[];
}

export function hiddenState({ frame }: Traced): HiddenState {
  const uses = [...frame.variables];
  return {
    captures: [...frame.captures.keys()],
    read: uses.filter(([, use]) => use.input !== null).map(([variable]) => variable),
    written: uses.filter(([, use]) => use.written).map(([variable]) => variable),
  };
}

export interface ProgramOptions {
  /** Whether a variable's new value takes the storage of the old one. */
  readonly alias?: boolean | undefined;
}

/** inputs ++ captures ++ variables read → outputs ++ variables written. */
export function programOf(label: string, traced: Traced, state: HiddenState, options: ProgramOptions = {}): Program {
  const { frame, inputs, outputs } = traced;
  const use = (variable: Variable) => frame.variables.get(variable)!;
  const first = outputs.length;
  const hidden = state.captures.map((node) => frame.captures.get(node)!);
  const aliases = [...inputs, ...hidden].map((): number | undefined => undefined);
  for (const variable of state.read) {
    const index = state.written.indexOf(variable);
    aliases.push(options.alias && index >= 0 ? first + index : undefined);
  }
  return assemble({
    name: label,
    inputs: [...inputs, ...hidden, ...state.read.map((variable) => use(variable).input!)],
    outputs: [...outputs, ...state.written.map((variable) => use(variable).current)],
    nodes: frame.nodes,
    aliases,
  });
}

/** The hidden inputs as values of the surrounding frame. */
export function hiddenOperands({ captures, read }: HiddenState): Node[] {
  return [...captures, ...read.map(readVariable)];
}

/** Lets the writes of a trace happen in the surrounding frame. */
export function publishWrites({ written }: HiddenState, values: readonly Node[]): void {
  written.forEach((variable, i) => {
    writeVariable(variable, values[i]!);
  });
}

export type TypeTree = TensorType | readonly TypeTree[] | { readonly [key: string]: TypeTree };

function isTensorType(value: unknown): value is TensorType {
  return typeof value === 'object' && value !== null && 'dtype' in value && Array.isArray((value as TensorType).shape);
}

/** Traces `fn` on abstract tensors of these types. A tensor or variable stands for its type. */
export function traceTypes(fn: (...args: never[]) => unknown, specs: readonly unknown[]): Traced {
  const types: ValueType[] = [];
  type Argument = (inputs: readonly Tensor[]) => unknown;
  const argument = (spec: unknown): Argument => {
    if (isTensorType(spec)) {
      const index = types.push(internType({ dtype: spec.dtype, shape: spec.shape })) - 1;
      return (inputs) => inputs[index];
    }
    if (Array.isArray(spec)) {
      const items = spec.map(argument);
      return (inputs) => items.map((item) => item(inputs));
    }
    if (!isPlainObject(spec)) return () => spec;
    const fields = Object.entries(spec).map(([key, field]) => [key, argument(field)] as const);
    return (inputs) => Object.fromEntries(fields.map(([key, field]) => [key, field(inputs)]));
  };
  const all = specs.map(argument);
  return trace(fn.name || 'program', types, (inputs) => fn(...(all.map((make) => make(inputs)) as never[])));
}

/** The types of what `fn` would return; nothing runs, and writes to variables are dropped. */
export function evalShape(fn: (...args: never[]) => unknown, ...specs: readonly unknown[]): unknown {
  const { outputs, fill } = traceTypes(fn, specs);
  return fill(outputs.map(({ type: { dtype, shape } }) => ({ dtype, shape })));
}

/**
 * `fn` as a Program: inputs are the tensors of `specs`, then captured tensors and the variables it reads; outputs are the
 * tensors it returns, then the variables it writes.
 */
export function makeProgram(fn: (...args: never[]) => unknown, ...specs: readonly unknown[]): Program {
  const traced = traceTypes(fn, specs);
  return programOf(fn.name || 'program', traced, hiddenState(traced), { alias: true });
}
