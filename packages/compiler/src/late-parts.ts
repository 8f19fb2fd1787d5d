/**
 * Parts of the compiler that few programs need. A page loads them when a program first does; elsewhere they are there from
 * the start. They hang on the target, so that the rest of the compiler never imports them.
 */

import type { AnyInstruction, DType, Scalar } from '@ceratops/kernel-registry';
import type { withoutBarriers } from './cleanup/late-rules.js';
import type { RulesByOp } from './cleanup/rewriter.js';
import type { cutByRows } from './epilogue.js';
import type { joinSteps } from './join-steps.js';
import type { lowerGroup } from './lower/group.js';
import type { Lowerings } from './lower/special.js';
import type { ValueRule } from './lower/values.js';
import type { rowRuns } from './row-runs.js';
import type { placeTightly } from './tight-arena.js';

export interface LateParts {
  readonly lowerings: Lowerings<
    | 'concatenate'
    | 'dynamic_update_slice'
    | 'scatter'
    | 'sort'
    | 'convolution'
    | 'while'
    | 'case'
    | 'optimization_barrier'
  >;
  readonly values: { readonly [O in 'gather' | 'dynamic_slice' | 'reverse']: ValueRule };
  /** Rewrites into ops that only these parts can lower, and of these ops. */
  readonly rules: RulesByOp;
  readonly withoutBarriers: typeof withoutBarriers;
  /** Scalar arithmetic in JavaScript beyond that of floats. */
  scalarFunction(instruction: AnyInstruction, from: DType, to: DType): (a: Scalar, b: Scalar) => Scalar;
  readonly lowerGroup: typeof lowerGroup;
  readonly joinSteps: typeof joinSteps;
  readonly cutByRows: typeof cutByRows;
  readonly rowRuns: typeof rowRuns;
  readonly placeTightly: typeof placeTightly;
}

/** Ends a compilation that came to a late part while they are not there. It leaves nothing behind: compile again. */
export class LatePartsNeeded extends Error {
  constructor() {
    super('this program needs the late parts of the compiler');
  }
}

/** @throws LatePartsNeeded where the late parts of a package are not there. */
export function needed<Parts>(late: Parts | undefined): Parts {
  if (late === undefined) throw new LatePartsNeeded();
  return late;
}
