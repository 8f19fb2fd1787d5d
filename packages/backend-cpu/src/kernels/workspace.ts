/** How much memory for itself a kernel takes, before its code is there: the memory plan gives it a place. A late part. */

import type { AnyInstruction, OpName, OpQuery } from '@ceratops/kernel-registry';
import type { LateParts } from '../late-parts.js';
import { ModuleWriter } from '../wasm/module-writer.js';
import { chooseBlocking, type GemmTuning } from './blocking.js';
import { type Contraction, canonicalize } from './contraction.js';
import { contractionsOf, dilatedConvolutionKernel } from './dilated-convolution.js';
import { packedBytesOf } from './gemm.js';
import { kernelFor, LibraryEmitter } from './library.js';
import { convolutionContraction, convolutionKernel, dotContraction, dotGeneralKernel } from './matrix.js';
import { registeredKernel } from './registered.js';

type Products = (query: never) => readonly Contraction[];

const products: readonly (readonly [kernel: object, Products])[] = [
  [dotGeneralKernel, (query: OpQuery<'dot_general'>) => [dotContraction(query)]],
  [convolutionKernel, (query: OpQuery<'convolution'>) => [convolutionContraction(query)]],
  [dilatedConvolutionKernel, (query: OpQuery<'convolution'>) => contractionsOf(query)!],
];

/** Ops of further kernels that take some; only the code tells how much. */
const readsItsCode: ReadonlySet<OpName> = new Set<OpName>(['composite', 'convolution']);

/** Bytes; 0 for kernels of other packages, whose memory lies beside the plan's. */
export function workspaceOf(query: OpQuery, tuning: GemmTuning, late: LateParts): number {
  if (registeredKernel(query) !== undefined) return 0;
  const kernel = kernelFor(query, late);
  const known = products.find(([own]) => own === kernel);
  if (known !== undefined) return Math.max(...known[1](query as never).map((product) => bytesOf(product, tuning)));
  if (!readsItsCode.has(query.op)) return 0;
  const emitter = new LibraryEmitter(new ModuleWriter(), tuning, late);
  const { operands, ...instruction } = query;
  return emitter.emit({ ...instruction, operands: [] } as AnyInstruction, operands).workspaceBytes;
}

function bytesOf(product: Contraction, tuning: GemmTuning): number {
  const contraction = canonicalize(product);
  const blocking = chooseBlocking(contraction, tuning);
  const { directB, table, contracted } = blocking;
  return (directB === undefined ? packedBytesOf(contraction, blocking) : 0) + (table ? contracted * 4 : 0);
}
