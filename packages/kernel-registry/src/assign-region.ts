/** The scatter that assigns. */

import type { DType } from './dtype.js';
import type { Program } from './program.js';
import { cachedRegion } from './region.js';
import { tensorType } from './tensor-type.js';

/** (a, b) → b. The same dtype gives the same object. */
export function assignRegion(dtype: DType): Program {
  return cachedRegion(`assign ${dtype}`, () => {
    const type = tensorType(dtype, []);
    return { name: 'assign', inputs: [{ type }, { type }], instructions: [], outputs: [1] };
  });
}

/** True for the region that gives its second argument back. */
export function isAssign(region: Program): boolean {
  return region.instructions.length === 0 && region.inputs.length === 2 && region.outputs[0] === 1;
}
