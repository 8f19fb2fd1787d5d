/**
 * `@ceratops/kernel-registry/composites`: our composites, one file each. Emit one with `emit.composite(emitter, softmax, [x], { axis })`;
 * that registers it, so that a bundle has only those it uses.
 */

import type { CompositeDefinition } from '../composite.js';
import { boundedWhile } from './bounded-while.js';
import { checkpoint } from './checkpoint.js';
import { erf } from './erf.js';
import { erfInv } from './erf-inv.js';
import { logistic } from './logistic.js';
import { relu } from './relu.js';
import { rsqrt } from './rsqrt.js';
import { scan } from './scan/scan.js';
import { logSoftmax, softmax } from './softmax.js';
import { threefry2x32 } from './threefry.js';

export { boundedWhile } from './bounded-while.js';
export { checkpoint } from './checkpoint.js';
export { erf } from './erf.js';
export { erfInv } from './erf-inv.js';
export { logistic } from './logistic.js';
export { relu } from './relu.js';
export { rsqrt } from './rsqrt.js';
export type { ScanAttributes, ScanOperands, ScanResults } from './scan/attributes.js';
export { emitScan, scan } from './scan/scan.js';
export { logSoftmax, softmax } from './softmax.js';
export { threefry2x32 } from './threefry.js';

/** All of them, for importers and conformance, which must know every name. */
export const builtinComposites: readonly CompositeDefinition[] = [
  boundedWhile,
  checkpoint,
  erf,
  erfInv,
  logistic,
  logSoftmax,
  relu,
  rsqrt,
  scan,
  softmax,
  threefry2x32,
];
