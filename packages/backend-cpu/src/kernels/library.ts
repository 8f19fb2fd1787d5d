/** Ops with kernels of their own: which of them a query gets, and their emission as steps. */

import { type AnyInstruction, type OpQuery, sizeOf, type TensorType } from '@ceratops/kernel-registry';
import type { ModuleWriter } from '../wasm/module-writer.js';
import type { GemmTuning } from './blocking.js';
import { type Contraction, canonicalize, product } from './contraction.js';
import { contractionOfConvolution, isUnpadded } from './convolution.js';
import { contractionOfDot } from './dot-general.js';
import { type EmittedGemm, emitGemm } from './gemm.js';
import type { EmittedKernel } from './kernel.js';

/** A buffer that a kernel is called with. */
export type LibraryBuffer =
  | { readonly kind: 'operand' | 'result'; readonly index: number }
  /** Memory for the step alone. */
  | { readonly kind: 'workspace'; readonly offset: number };

export interface LibraryCall {
  readonly kernel: EmittedKernel;
  readonly buffers: readonly LibraryBuffer[];
}

/** Kernel calls in order. */
export interface LibraryCode {
  readonly calls: readonly LibraryCall[];
  readonly workspaceBytes: number;
  /** For `explain`. */
  readonly description: string;
}

/** Below this many products a plain loop is as fast and its code far smaller. */
const fewestProducts = 2048;

/** The contraction that the query is, if the matrix kernel should run it. */
export function contractionOf(query: OpQuery): Contraction | undefined {
  const { operands, results } = query;
  const types = [...operands, ...results];
  if (types.some(({ dtype, shape }) => dtype !== 'float32' || sizeOf(shape) === 0)) return undefined;
  const contraction = rawContraction(query as AnyQuery);
  if (contraction === undefined) return undefined;
  const { batch, m, n, k } = contraction;
  const work = product(batch) * product(m) * product(n) * product(k);
  if (work < fewestProducts || work === 0) return undefined;
  // Groups of a few features, depthwise above all, have no matrix to speak of: loops over the groups are wider.
  if (product(batch) > 4 && query.op === 'convolution' && (product(n) < 4 || product(m) < 4)) return undefined;
  return canonicalize(contraction);
}

type AnyQuery = OpQuery<'dot_general'> | OpQuery<'convolution'> | OpQuery<'add'>;

function rawContraction({ op, operands, results, attributes }: AnyQuery): Contraction | undefined {
  const [lhs, rhs] = operands;
  if (op === 'dot_general') return contractionOfDot(lhs!.shape, rhs!.shape, attributes);
  if (op !== 'convolution' || !isUnpadded(attributes)) return undefined;
  return contractionOfConvolution(lhs!.shape, rhs!.shape, results[0]!.shape, attributes);
}

export function hasLibraryKernel(query: OpQuery): boolean {
  if (query.op !== 'dot_general' && query.op !== 'convolution') return false;
  return contractionOf(query) !== undefined;
}

/** Emits library kernels into one module, equal ones once. */
export class LibraryEmitter {
  private readonly module: ModuleWriter;
  private readonly tuning: GemmTuning;
  private readonly known: Map<string, EmittedGemm> = new Map();

  constructor(module: ModuleWriter, tuning: GemmTuning) {
    this.module = module;
    this.tuning = tuning;
  }

  emit({ op, attributes, results }: AnyInstruction, operands: readonly TensorType[]): LibraryCode {
    const contraction = contractionOf({ op, operands, results, attributes })!;
    const key = JSON.stringify(contraction);
    let gemm = this.known.get(key);
    if (gemm === undefined) {
      gemm = emitGemm(this.module, contraction, this.tuning);
      this.known.set(key, gemm);
    }
    const [a, b] = contraction.swapped ? [1, 0] : [0, 1];
    const lhs: LibraryBuffer = { kind: 'operand', index: a };
    const rhs: LibraryBuffer = { kind: 'operand', index: b };
    const result: LibraryBuffer = { kind: 'result', index: 0 };
    const packed: LibraryBuffer = { kind: 'workspace', offset: 0 };
    const calls: LibraryCall[] = [];
    if (gemm.packB !== undefined) calls.push({ kernel: gemm.packB, buffers: [rhs, packed] });
    calls.push({ kernel: gemm.multiply, buffers: [lhs, gemm.packB === undefined ? rhs : packed, result] });
    return { calls, workspaceBytes: gemm.packedBytes, description: describe(gemm) };
  }
}

function describe({ blocking }: EmittedGemm): string {
  const { tile, rows, columns, contracted, batches, mode, directB } = blocking;
  const size = `${batches > 1 ? `${batches}×` : ''}${rows}×${contracted}×${columns}`;
  return `gemm ${size}, tile ${tile.rows}×${tile.vectors * 4}, A ${mode}, B ${directB === undefined ? 'packed' : 'direct'}`;
}
