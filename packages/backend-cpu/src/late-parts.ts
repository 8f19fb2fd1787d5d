import type { LateParts as CompilerLateParts, Target } from '@ceratops/compiler';
import type { Engine } from './engine.js';
import type { LateVectorFunction, VectorRoutine } from './render/helpers.js';
import type { Instructions, WideFamily } from './render/instructions.js';

/** What few programs need: a page's worker loads it when one does, elsewhere it is there from the start. */
export interface LateParts {
  readonly compiler: CompilerLateParts;
  readonly functions: Readonly<Record<LateVectorFunction, VectorRoutine>>;
  readonly instructions: Readonly<Record<WideFamily, Instructions>>;
  /** Instructions on vectors of float64. */
  readonly doubles: Instructions;
  readonly emitWithEpilogue: typeof import('./kernels/epilogue.js').emitWithEpilogue;
  /** What the compiler knows of a backend that has these parts. */
  readonly targetOf: (engine: Engine) => Pick<Target, 'late' | 'epilogue' | 'rows' | 'workspace' | 'lowered'>;
  readonly kernelFor: typeof import('./kernels/late-kernels.js').lateKernelFor;
  readonly emitRows: typeof import('./kernels/rows.js').emitRows;
  readonly padsOf: typeof import('./kernels/dilated-convolution.js').padsOf;
  /** Without it a module imports `power` alone. */
  readonly hostFunctionsOf: typeof import('./program/host-functions.js').hostFunctionsOf;
  /** For hosts with files. */
  readonly dumpStage: typeof import('./dump.js').dumpStage;
  readonly continueSteps: typeof import('./program/continue-steps.js').continueSteps;
  readonly emitControl: typeof import('./program/control.js').emitControl;
  readonly profiling: typeof import('./profile/index.js');
  readonly scalars: typeof import('./render/late-scalars.js');
  readonly enableRelaxedSimd: typeof import('./platform/node.js').enableRelaxedSimd;
  readonly widenProduct: typeof import('./program/half-products.js').widenProduct;
  readonly threads: typeof import('./threads/index.js');
  readonly vectors: typeof import('./render/late-vectors.js');
  readonly writeNames: typeof import('./wasm/names.js').writeNames;
}
