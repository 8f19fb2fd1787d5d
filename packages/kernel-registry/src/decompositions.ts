/** `@ceratops/kernel-registry/decompositions`: those that are not with their composites; see `composites/late.ts`. */

import { decomposeErf, decomposeErfInv } from './composites/erf-formulas.js';
import { decomposeScan } from './composites/scan/loop.js';
import { registry } from './registry.js';

/** Makes them known. Again is fine. */
export function bringDecompositions(): void {
  registry().decompositions ??= {
    'ceratops.erf@1': decomposeErf,
    'ceratops.erf_inv@1': decomposeErfInv,
    'ceratops.scan@1': decomposeScan,
  };
}
