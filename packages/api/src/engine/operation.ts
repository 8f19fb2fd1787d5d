/**
 * `defineOp`: a function on tensors that also takes symbolic tensors. On tensors it just runs; on symbolic ones it infers
 * the output and adds a node to the graph, which a functional model replays and a file stores as Keras would.
 */

import type { Tensor, TensorLike } from '@ceratops/core';
import { CeratopsError, isCeratopsError } from '@ceratops/kernel-registry';
import { anySymbolic, type KerasTensor, type Symbolic } from './keras-tensor.js';
import { autoName } from './naming.js';
import { type CallArguments, Node, type Operation } from './node.js';
import { inferOutputs } from './symbolic.js';
import { type Config, isPlainObject, type Json } from './table.js';

/** How an op is named and written to files. */
export interface OpDeclaration {
  /** Keras' class name: `Add`, `Reshape`. */
  readonly className: string;
  /** Keras' module after `keras.src.ops.`: `numpy`, `nn`, `core`. */
  readonly module: string;
  /** How many leading parameters are tensors; they are the arguments of the call, the rest is the op's config. */
  readonly tensors: number;
  /** The other parameters: option name → Keras' key, in positional order. */
  readonly options?: { readonly [name: string]: string } | undefined;
  /** Brings the parameters to the form that nodes and files keep. */
  readonly normalize?: ((parameters: readonly unknown[]) => readonly unknown[]) | undefined;
}

type SymbolicParameter<P> = Tensor extends P
  ? P | KerasTensor
  : P extends readonly (infer E)[]
    ? Tensor extends E
      ? P | readonly (E | KerasTensor)[]
      : P
    : P;

type SymbolicParameters<P extends readonly unknown[]> = { [K in keyof P]: SymbolicParameter<P[K]> };

/** The type of an op: the function itself, and the same on symbolic tensors. */
export type Op<F extends (...parameters: never[]) => unknown> = F & {
  (...parameters: SymbolicParameters<Parameters<F>>): Symbolic<ReturnType<F>>;
  readonly declaration: OpDeclaration;
};

const definitions = new Map<string, Op<(...parameters: never[]) => unknown>>();

/** The op's call with fixed options, as a node's operation and as an entry of a file. */
export class OpCall implements Operation {
  readonly name: string;
  readonly inboundNodes: Node[] = [];
  readonly outboundNodes: Node[] = [];
  readonly declaration: OpDeclaration;
  readonly config: CallArguments;
  readonly #fn: (...parameters: never[]) => unknown;

  constructor(
    fn: (...parameters: never[]) => unknown,
    declaration: OpDeclaration,
    config: CallArguments,
    name?: string,
  ) {
    this.name = name ?? autoName(declaration.className);
    this.declaration = declaration;
    this.config = config;
    this.#fn = fn;
  }

  apply(args: readonly unknown[]): unknown {
    if (!anySymbolic(args)) return this.run(args);
    const outputs = inferOutputs((...tensors: never[]) => this.run(tensors), args);
    new Node(this, args, {}, outputs);
    return outputs;
  }

  run(args: readonly unknown[]): unknown {
    const parameters = Object.keys(this.config).length === 0 ? args : [...args, this.config];
    return this.#fn(...(parameters as never[]));
  }

  getConfig(): Config {
    const config: Record<string, Json> = { name: this.name };
    for (const [name, key] of Object.entries(this.declaration.options ?? {})) {
      config[key] = (this.config[name] as Json | undefined) ?? null;
    }
    return config;
  }
}

/**
 * @param fn takes `tensors` tensors, then options: by position as far as declared, or in one options object at the end.
 */
export function defineOp<F extends (...parameters: never[]) => unknown>(declaration: OpDeclaration, fn: F): Op<F> {
  const op = (...parameters: unknown[]): unknown => {
    if (!anySymbolic(parameters)) {
      try {
        return fn(...(parameters as never[]));
      } catch (error) {
        throw namedAfter(declaration.className, error);
      }
    }
    const { tensors, config } = split(declaration, declaration.normalize?.(parameters) ?? parameters);
    return new OpCall(fn, declaration, config).apply(tensors);
  };
  const defined = Object.assign(op, { declaration }) as unknown as Op<F>;
  definitions.set(declaration.className, defined as Op<(...parameters: never[]) => unknown>);
  return defined;
}

/** Errors of what all ops share (broadcasting, conversion) get the op's name. */
function namedAfter(className: string, error: unknown): unknown {
  if (!isCeratopsError(error) || (error.subject !== undefined && error.subject !== 'tensor')) return error;
  const { code, problem, expected, received, remedy } = error;
  const subject = className[0]!.toLowerCase() + className.slice(1);
  return new CeratopsError(code, problem, { subject, expected, received, remedy, cause: error });
}

/** An op's node from a file's config, or undefined for a class name that no op has. */
export function opFromConfig(className: string, config: Config): OpCall | undefined {
  const op = definitions.get(className);
  if (op === undefined) return undefined;
  const { declaration } = op;
  const options: Record<string, unknown> = {};
  for (const [name, key] of Object.entries(declaration.options ?? {})) {
    if (config[key] !== undefined && config[key] !== null) options[name] = config[key];
  }
  const name = typeof config.name === 'string' ? config.name : undefined;
  return new OpCall(op as (...parameters: never[]) => unknown, declaration, options, name);
}

function split(
  { tensors, options = {} }: OpDeclaration,
  parameters: readonly unknown[],
): { tensors: unknown[]; config: CallArguments } {
  const config: Record<string, unknown> = {};
  const names = Object.keys(options);
  parameters.slice(tensors).forEach((value, i) => {
    if (isPlainObject(value)) Object.assign(config, value);
    else if (value !== undefined) config[names[i]!] = value;
  });
  return { tensors: parameters.slice(0, tensors), config };
}

export type { TensorLike };
