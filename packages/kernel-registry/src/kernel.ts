/** Kernels: hand-made implementations of one op or composite for one backend, registered from any package. */

import type { OpQuery } from './backend.js';
import { CeratopsError } from './errors.js';
import type { OpName } from './opset.js';
import { registry } from './registry.js';

/**
 * What a kernel hands to its backend, per backend: a WebAssembly function, WGSL and a grid, a CUDA launch. A backend package
 * adds its row by module augmentation:
 * `declare module '@ceratops/kernel-registry' { interface KernelEmitters { cpu: CpuKernel } }`.
 */
// biome-ignore lint/suspicious/noEmptyInterface: rows come from backend packages
export interface KernelEmitters {}

type EmitOf<B extends string> = B extends keyof KernelEmitters ? KernelEmitters[B] : unknown;

/** What a kernel is built for. */
export interface KernelContext<O extends OpName = OpName> extends OpQuery<O> {
  /** The backend's own description of the device, for choices by its features and limits. */
  readonly device: string;
}

/** One way to run the op; the backend picks among the candidates, by autotuning at compile time where it can. */
export interface KernelCandidate<B extends string = string> {
  /** Shown by `explain`. */
  readonly name: string;
  readonly workspaceBytes: number;
  /** Same bits on every run. */
  readonly deterministic: boolean;
  /** Elementwise ops that may be fused behind it. */
  readonly epilogues: readonly OpName[];
  readonly emit: EmitOf<B>;
}

export interface KernelDefinition<B extends string = string, O extends OpName = OpName> {
  readonly backend: B;
  readonly op: O;
  /** For `op: 'composite'`, which one: `namespace.name@version`. */
  readonly composite?: string | undefined;
  /** Pure and cheap. */
  supports(query: OpQuery<O>): boolean;
  build(context: KernelContext<O>): readonly KernelCandidate<B>[];
}

/** A definition with its types erased, as the registry holds it. */
export type Kernel = KernelDefinition<string, OpName>;

function keyOf(backend: string, op: string, composite: string | undefined): string {
  return composite === undefined ? `${backend}/${op}` : `${backend}/${op}/${composite}`;
}

/** Adds a kernel; among those that support a query, the last registered wins. */
export function registerKernel<B extends string, O extends OpName>(definition: KernelDefinition<B, O>): void {
  if ((definition.op === 'composite') !== (definition.composite !== undefined)) {
    throw new CeratopsError('INVALID_ARGUMENT', 'composite name and op do not fit', {
      subject: `kernel ${definition.backend}/${definition.op}`,
      expected: "`composite` exactly when op is 'composite'",
      received: `composite: ${definition.composite}`,
    });
  }
  const { kernels } = registry();
  const key = keyOf(definition.backend, definition.op, definition.composite);
  const known = kernels.get(key) ?? [];
  const kernel = definition as unknown as Kernel;
  if (!known.includes(kernel)) kernels.set(key, [kernel, ...known]);
}

/** The kernels of a backend for an op (and composite), the one to ask first in front. */
export function kernelsFor<B extends string, O extends OpName>(
  backend: B,
  op: O,
  composite?: string,
): readonly KernelDefinition<B, O>[] {
  const found = registry().kernels.get(keyOf(backend, op, composite)) ?? [];
  return found as unknown as readonly KernelDefinition<B, O>[];
}
