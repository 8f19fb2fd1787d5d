/** Kernels that few programs need. A late part. */

import { depthwiseKernel } from './depthwise.js';
import { depthwiseGradientKernel } from './depthwise-gradient.js';
import { dilatedConvolutionKernel } from './dilated-convolution.js';
import type { CpuKernelRow } from './registered.js';

export const lateKernels: readonly CpuKernelRow[] = [
  depthwiseKernel,
  depthwiseGradientKernel,
  dilatedConvolutionKernel,
] as readonly object[] as readonly CpuKernelRow[];
