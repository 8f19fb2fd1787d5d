/** Kernels that few programs need. A late part. */

import type { OpQuery } from '@ceratops/kernel-registry';
import { attentionBackwardKernel, attentionKernel } from './attention/rows.js';
import { clippedConvolutionKernel } from './clipped-convolution.js';
import { depthwiseKernel } from './depthwise.js';
import { depthwiseGradientKernel } from './depthwise-gradient.js';
import { dilatedConvolutionKernel } from './dilated-convolution.js';
import { matrixVectorKernel } from './matrix-vector/matrix-vector.js';
import { maxPoolingKernel } from './pooling/max-pooling.js';
import { maxPoolingGradientKernel } from './pooling/max-pooling-gradient.js';
import type { CpuKernelRow } from './registered.js';
import { winogradKernel } from './winograd/winograd.js';

const lateKernels = [
  attentionKernel,
  attentionBackwardKernel,
  winogradKernel,
  clippedConvolutionKernel,
  depthwiseKernel,
  depthwiseGradientKernel,
  dilatedConvolutionKernel,
  matrixVectorKernel,
  maxPoolingKernel,
  maxPoolingGradientKernel,
] as readonly object[] as readonly CpuKernelRow[];

export function lateKernelFor(query: OpQuery): CpuKernelRow | undefined {
  return lateKernels.find((row) => row.op === query.op && row.supports(query));
}
