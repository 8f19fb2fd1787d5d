/** Which kernel an op gets: those that packages registered for `cpu` first, then this package's own. */

import type { AnyInstruction, KernelDefinition, OpName, OpQuery, TensorType } from '@ceratops/kernel-registry';
import type { LateParts } from '../late-parts.js';
import type { ModuleWriter } from '../wasm/module-writer.js';
import type { GemmTuning } from './blocking.js';
import type { KernelCode, KernelTarget } from './kernel.js';
import { convolutionKernel, dotGeneralKernel } from './matrix.js';
import { type CpuKernelRow, registeredKernel } from './registered.js';

const own: { readonly [O in OpName]?: KernelDefinition<'cpu', O> } = {
  dot_general: dotGeneralKernel,
  convolution: convolutionKernel,
};

/** @param late the engine's late parts, where they are loaded. */
export function kernelFor(query: OpQuery, late: LateParts | undefined): CpuKernelRow | undefined {
  const registered = registeredKernel(query);
  if (registered !== undefined) return registered;
  const kernel = own[query.op] as CpuKernelRow | undefined;
  if (kernel?.supports(query)) return kernel;
  return late?.kernels.find((row) => row.op === query.op && row.supports(query));
}

export function hasLibraryKernel(query: OpQuery, late: LateParts | undefined): boolean {
  return kernelFor(query, late) !== undefined;
}

/** Emits library kernels into one module. */
export class LibraryEmitter implements KernelTarget {
  readonly module: ModuleWriter;
  readonly tuning: GemmTuning;
  readonly #known: Map<string, unknown> = new Map();

  readonly #late: LateParts | undefined;

  constructor(module: ModuleWriter, tuning: GemmTuning, late: LateParts | undefined) {
    this.module = module;
    this.tuning = tuning;
    this.#late = late;
  }

  shared<T>(key: string, emit: () => T): T {
    const known = this.#known.get(key) as T | undefined;
    if (known !== undefined) return known;
    const emitted = emit();
    this.#known.set(key, emitted);
    return emitted;
  }

  emit({ op, attributes, results }: AnyInstruction, operands: readonly TensorType[]): KernelCode {
    const query: OpQuery = { op, operands, results, attributes };
    const [candidate] = kernelFor(query, this.#late)!.build({
      ...query,
      device: this.tuning.relaxed ? 'relaxed SIMD' : 'SIMD',
    });
    return candidate!.emit(this);
  }
}
