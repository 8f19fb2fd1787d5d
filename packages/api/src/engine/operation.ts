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
  /** Keras' key → what its files hold unless told otherwise, null where not listed. Also of keys that are no option here. */
  readonly defaults?: Config | undefined;
  /** Options that Keras passes in calls after the tensors, so that they are no config. */
  readonly positional?: readonly string[] | undefined;
  /** Options that Keras passes in calls by name. */
  readonly keywords?: readonly string[] | undefined;
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

  /** @param keywords the call's own options, under Keras' keys. */
  apply(args: readonly unknown[], keywords: CallArguments = {}): unknown {
    if (!anySymbolic(args, keywords)) return this.run(args, keywords);
    const outputs = inferOutputs(
      (tensors: unknown[], given: CallArguments) => this.run(tensors, given),
      [args, keywords],
    );
    new Node(this, args, keywords, outputs);
    return outputs;
  }

  run(args: readonly unknown[], keywords: CallArguments): unknown {
    const tensors = args.slice(0, this.declaration.tensors);
    const options = this.#optionsOf(args, keywords);
    return this.#fn(...((Object.keys(options).length === 0 ? tensors : [...tensors, options]) as never[]));
  }

  /** The config and what the call brings besides. */
  #optionsOf(args: readonly unknown[], given: CallArguments): CallArguments {
    const { tensors, options: keys = {}, positional = [], keywords = [] } = this.declaration;
    if (positional.length + keywords.length === 0) return this.config;
    const options: Record<string, unknown> = { ...this.config };
    positional.forEach((name, i) => {
      options[name] = args[tensors + i] ?? undefined;
    });
    for (const name of keywords) options[name] = given[keys[name]!] ?? undefined;
    return options;
  }

  getConfig(): Config {
    const { options = {}, defaults = {}, positional = [], keywords = [] } = this.declaration;
    const config: Record<string, Json> = { name: this.name, ...defaults };
    for (const [name, key] of Object.entries(options)) {
      if (positional.includes(name) || keywords.includes(name)) continue;
      const given = this.config[name] as Json | undefined;
      config[key] = given === undefined ? (defaults[key] ?? null) : given;
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
    const { args, config, keywords } = split(declaration, declaration.normalize?.(parameters) ?? parameters);
    return new OpCall(fn, declaration, config).apply(args, keywords);
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

/** The op that Keras calls `className`, if its file has been loaded. */
export function opNamed(className: string): Op<(...parameters: never[]) => unknown> | undefined {
  return definitions.get(className);
}

/** The parameters of a call as a node keeps them: its arguments, the op's config, and what goes by name. */
function split(
  { tensors, options = {}, positional = [], keywords: byName = [] }: OpDeclaration,
  parameters: readonly unknown[],
): { args: unknown[]; config: CallArguments; keywords: CallArguments } {
  const config: Record<string, unknown> = {};
  const names = Object.keys(options);
  const last = parameters.length - (isPlainObject(parameters.at(-1)) ? 1 : 0);
  const args = parameters.slice(0, Math.min(tensors, last));
  parameters.slice(args.length).forEach((value, i) => {
    if (isPlainObject(value)) Object.assign(config, value);
    else if (value !== undefined) config[names[i]!] = value;
  });
  const keywords: Record<string, unknown> = {};
  for (const name of byName) if (config[name] !== undefined) keywords[options[name]!] = config[name];
  for (const name of positional) args.push(config[name] ?? null);
  for (const name of [...byName, ...positional]) delete config[name];
  return { args, config, keywords };
}

export type { TensorLike };
