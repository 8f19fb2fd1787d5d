/** Which kernel an op gets: those that packages registered for `cpu` first, then this package's own. */

import { needed } from '@ceratops/compiler';
import {
  type AnyInstruction,
  type KernelDefinition,
  type OpName,
  type OpQuery,
  sizeOf,
  type TensorType,
} from '@ceratops/kernel-registry';
import type { LateParts } from '../late-parts.js';
import type { ModuleWriter } from '../wasm/module-writer.js';
import type { GemmTuning } from './blocking.js';
import type { KernelCode, KernelTarget } from './kernel.js';
import { convolutionKernel, dotGeneralKernel, hasVector } from './matrix.js';
import { type CpuKernelRow, registeredKernel } from './registered.js';

const own: { readonly [O in OpName]?: KernelDefinition<'cpu', O> } = {
  dot_general: dotGeneralKernel,
  convolution: convolutionKernel,
};

/**
 * @param late the engine's late parts, where they are loaded.
 * @throws LatePartsNeeded for what a product of matrices could compute too, but in another order.
 */
export function kernelFor(query: OpQuery, late: LateParts | undefined): CpuKernelRow | undefined {
  const kernel = registeredKernel(query) ?? (own[query.op] as CpuKernelRow | undefined);
  if (!kernel?.supports(query)) return late?.kernelFor(query);
  const isOther =
    (kernel === own.dot_general && hasVector(query as OpQuery<'dot_general'>)) ||
    (kernel === own.convolution && mayBeTransformed(query as OpQuery<'convolution'>));
  return (isOther && needed(late).kernelFor(query)) || kernel;
}

/** Whether this may be one of Winograd's convolutions: of 3×3, from 64 to 64 channels on. */
function mayBeTransformed({ operands, attributes }: OpQuery<'convolution'>): boolean {
  const { shape } = operands[1]!;
  return sizeOf(shape) >= 9 * 64 * 64 && attributes.kernelSpatialDimensions.every((d) => shape[d] === 3);
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
