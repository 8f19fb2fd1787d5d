/** `@ceratops/compiler/late`: what few programs need; see late-parts.ts. */

import { type BinaryOp, type UnaryOp, unaryOps } from '@ceratops/kernel-registry';
import { lateRules, withoutBarriers } from './cleanup/late-rules.js';
import { rulesByOp } from './cleanup/rewriter.js';
import { cutByRows } from './epilogue.js';
import { binaryFunction, convertFunction, unaryFunction } from './interpreter-ops.js';
import { joinSteps } from './join-steps.js';
import type { LateParts } from './late-parts.js';
import { lowerCase, lowerWhile } from './lower/control.js';
import { lowerConvolution } from './lower/convolution.js';
import { dynamicSlice, gather } from './lower/indexed.js';
import { recallGroup } from './lower/recall.js';
import { lowerBarrier, lowerConcatenate, lowerDynamicUpdateSlice } from './lower/regions.js';
import { lowerScatter } from './lower/scatter.js';
import { lowerSort } from './lower/sort.js';
import { view } from './lower/values.js';
import { rowRuns } from './row-runs.js';
import { binaryScalarOp } from './scalar-ops.js';
import { placeTightly } from './tight-arena.js';

export { LoweredGroups } from './lower/recall.js';

export const lateParts: LateParts = {
  lowerings: {
    concatenate: lowerConcatenate,
    dynamic_update_slice: lowerDynamicUpdateSlice,
    scatter: lowerScatter,
    sort: lowerSort,
    convolution: lowerConvolution,
    while: lowerWhile,
    case: lowerCase,
    optimization_barrier: lowerBarrier,
  },
  values: { gather, dynamic_slice: dynamicSlice, reverse: view },
  rules: /*#__PURE__*/ rulesByOp(lateRules),
  withoutBarriers,
  scalarFunction: ({ op }, from, to) => {
    if (op === 'convert') return convertFunction(from, to);
    if (unaryOps.has(op)) return unaryFunction(op as UnaryOp, from, to);
    return binaryFunction(binaryScalarOp(op as BinaryOp, to), to);
  },
  lowerGroup: recallGroup,
  joinSteps,
  cutByRows,
  rowRuns,
  placeTightly,
};
