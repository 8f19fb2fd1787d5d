import type { CompositeDefinition } from '../composite.js';
import { attention, attentionBackward } from './attention.js';
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

/** All of them, for importers and conformance, which must know every name. */
export const builtinComposites: readonly CompositeDefinition[] = [
  attention,
  attentionBackward,
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
