/** `jit`: a function becomes one program per kind of arguments. */
import { type CeratopsError, outputTypes, type Program } from '@ceratops/kernel-registry';
import type { Buffer } from '../engine/buffer.js';
import type { CachedProgram } from '../engine/cache.js';
import type { Engine } from '../engine/engine.js';
import { lostState } from '../engine/failure.js';
import { settle } from '../graph/home.js';
import type { Node } from '../graph/node.js';
import { internType, type ValueType } from '../graph/value-type.js';
import { runtime } from '../runtime.js';
import { isTensor, nodeKey, Tensor } from '../tensor/tensor.js';
import { flatten, specKey } from '../tree.js';
import { cellKey, type Variable } from '../variable.js';
import { bufferedNode, StateUpdate } from './state-update.js';
import { type Fill, type HiddenState, hiddenState, openTree, programOf, trace } from './trace.js';

export interface JitOptions {
  /** Shown in errors and profiles; default: the function's name. */
  readonly name?: string | undefined;
  /**
   * Called when a run fails before the device takes it: it did not compile, or there is no memory. The variables are then as
   * they were before; a result that is read tells of it too, but a function may have none.
   */
  readonly onFailure?: ((error: CeratopsError) => void) | undefined;
}

/** One traced variant of a function. */
interface Variant {
  readonly state: HiddenState;
  /** The result from its tensors. */
  readonly fill: Fill;
  /** Executables differ per backend instance. */
  readonly entries: WeakMap<Engine, CachedProgram>;
  readonly program: Program;
  readonly outputs: readonly ValueType[];
  readonly outputBytes: number;
  /** Per written variable, the input whose storage its output may take, or -1. */
  readonly aliasedInputs: readonly number[];
}

/** Traced variants that a function keeps; the oldest goes first. */
const variantLimit = 256;

/** Tells objects and functions among static arguments apart. */
const identities: WeakMap<object, number> = new WeakMap();
let lastIdentity = 0;

function staticKey(value: unknown): string {
  if ((typeof value !== 'object' || value === null) && typeof value !== 'function') {
    return `${typeof value}:${Object.is(value, -0) ? '-0' : String(value)}`;
  }
  let identity = identities.get(value);
  if (identity === undefined) identities.set(value, (identity = ++lastIdentity));
  return `#${identity}`;
}

/**
 * Traces `fn` once per structure, tensor types and static leaves of its arguments, and runs the program from then on.
 * Arguments and results are trees (arrays, plain objects) of tensors; other leaves are static. Captured tensors and the variables
 * that it reads and writes are inputs and outputs of the program. Inside another trace `fn` is traced in place.
 */
export function jit<A extends readonly unknown[], R>(
  fn: (...args: A) => R,
  options: JitOptions = {},
): (...args: A) => R {
  const label = options.name ?? (fn.name || 'jit');
  const variants = new Map<string, Variant>();
  return (...args: A): R => {
    if (runtime().frame !== null) return fn(...args);
    const { leaves, spec } = flatten(args);
    let key = specKey(spec);
    const tensors: Tensor[] = [];
    for (const value of leaves) {
      if (isTensor(value)) {
        tensors.push(value);
        key += `|${value[nodeKey].type.id}`;
      } else key += `|${staticKey(value)}`;
    }
    let variant = variants.get(key);
    if (variant === undefined) {
      const { fill } = openTree(args);
      variant = traceVariant(label, tensors, (inputs) => fn(...(fill(inputs) as A)));
      variants.set(key, variant);
      if (variants.size > variantLimit) variants.delete(variants.keys().next().value!);
    }
    return run(label, variant, tensors, options.onFailure) as R;
  };
}

function traceVariant(label: string, args: readonly Tensor[], body: (inputs: Tensor[]) => unknown): Variant {
  const types = args.map((arg) => arg[nodeKey].type);
  const traced = trace(label, types, body);
  const state = hiddenState(traced);
  // What a program captured stays, whatever the user does with the handle.
  for (const node of state.captures) node.uses++;
  const first = args.length + state.captures.length;
  const aliasedInputs = state.written.map((variable) => {
    const index = state.read.indexOf(variable);
    return index < 0 ? -1 : first + index;
  });
  const program = programOf(label, traced, state, { alias: true });
  const outputs = outputTypes(program).map(internType);
  const outputBytes = outputs.reduce((bytes, type) => bytes + type.bytes, 0);
  return { state, fill: traced.fill, entries: new WeakMap(), program, outputs, outputBytes, aliasedInputs };
}

function run(
  label: string,
  variant: Variant,
  args: readonly Tensor[],
  onFailure: ((error: CeratopsError) => void) | undefined,
): unknown {
  const { state, program } = variant;
  const wanted = [
    ...args.map((arg) => arg[nodeKey]),
    ...state.captures,
    ...state.read.map((variable) => variable[cellKey].node),
  ];
  const { engine, nodes } = settle(label, wanted);
  const inputs = engine.computedAll(nodes);
  checkState(state.read, inputs);
  const shortage = engine.memory.shortage(variant.outputBytes);
  if (shortage !== null) throw shortage;
  const outputs = variant.outputs.map((type) => engine.newBuffer(type, label));
  let entry = variant.entries.get(engine);
  if (entry === undefined) variant.entries.set(engine, (entry = engine.entryOf(program)));
  const resultCount = outputs.length - state.written.length;
  const results = outputs.slice(0, resultCount).map((buffer) => {
    buffer.memory.watch(buffer);
    return new Tensor(bufferedNode(engine, buffer));
  });
  const vetoed = variant.aliasedInputs.filter((index) => index >= 0 && isShared(nodes[index]!, inputs[index]!, inputs));
  const update = new StateUpdate(engine, state.written, outputs.slice(resultCount));
  const donated = variant.aliasedInputs.filter((i) => i >= 0 && !vetoed.includes(i)).map((i) => inputs[i]!);
  engine.launch(entry, inputs, outputs, {
    vetoed,
    donated,
    onSuccess: () => update.settle(donated),
    onFailure: (error) => {
      update.revert();
      onFailure?.(error);
    },
  });
  return variant.fill(results);
}

/** What went with a lost device is called by its name. The variables are the last inputs. */
function checkState(variables: readonly Variable[], inputs: readonly Buffer[]): void {
  const first = inputs.length - variables.length;
  for (let i = 0; i < variables.length; i++) {
    const { lost } = inputs[first + i]!.memory;
    if (lost !== null) throw lostState(variables[i]!.path, lost);
  }
}

/** True when someone besides the variable may still look into the buffer. */
function isShared(node: Node, buffer: Buffer, inputs: readonly Buffer[]): boolean {
  if (buffer.shared || node.handles > 0 || node.uses > 0 || node.owners > 1) return true;
  return inputs.indexOf(buffer) !== inputs.lastIndexOf(buffer);
}
