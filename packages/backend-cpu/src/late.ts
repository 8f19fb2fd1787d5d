/** The late parts themselves; see late-parts.ts. */

import { lateParts as compiler, LoweredGroups } from '@ceratops/compiler/late';
import { dumpStage } from './dump.js';
import type { Engine } from './engine.js';
import { padsOf } from './kernels/dilated-convolution.js';
import { emitWithEpilogue, takesEpilogue } from './kernels/epilogue.js';
import { lateKernelFor } from './kernels/late-kernels.js';
import { emitRows } from './kernels/rows.js';
import { workspaceOf } from './kernels/workspace.js';
import type { LateParts } from './late-parts.js';
import { lateFunctions } from './math/late-functions.js';
import { enableRelaxedSimd } from './platform/node.js';
import * as profiling from './profile/index.js';
import { continueSteps } from './program/continue-steps.js';
import { emitControl } from './program/control.js';
import { widenProduct } from './program/half-products.js';
import { hostFunctionsOf } from './program/host-functions.js';
import * as scalars from './render/late-scalars.js';
import * as vectors from './render/late-vectors.js';
import { doubles, wideInstructions } from './render/wide-instructions.js';
import * as threads from './threads/index.js';
import { writeNames } from './wasm/names.js';

/** By engine, since kernels depend on the target. */
const lowered: WeakMap<Engine, LoweredGroups> = /*#__PURE__*/ new WeakMap();

function loweredBy(engine: Engine): LoweredGroups {
  let groups = lowered.get(engine);
  if (groups === undefined) lowered.set(engine, (groups = new LoweredGroups()));
  return groups;
}

export const lateParts: LateParts = {
  compiler,
  functions: lateFunctions,
  instructions: wideInstructions,
  doubles,
  emitWithEpilogue,
  emitRows,
  targetOf: (engine) => ({
    late: compiler,
    lowered: loweredBy(engine),
    epilogue: takesEpilogue,
    rows: true,
    workspace: (query) => workspaceOf(query, engine.tuning, lateParts),
  }),
  kernelFor: lateKernelFor,
  padsOf,
  hostFunctionsOf,
  dumpStage,
  continueSteps,
  emitControl,
  profiling,
  scalars,
  enableRelaxedSimd,
  threads,
  vectors,
  writeNames,
  widenProduct,
};
