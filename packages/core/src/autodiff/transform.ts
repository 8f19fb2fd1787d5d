/** Program → Program forms of reverse mode. */
import type { Program } from '@ceratops/kernel-registry';
import { type RecordOptions } from './record.js';

export type VjpSpecification = RecordOptions;

/** Where the backward program's residual comes from once the forward program has run. */
export type ResidualSource =
  | { readonly from: 'input'; readonly index: number }
  | { readonly from: 'output'; readonly index: number };

export interface SplitVjp {
  /** inputs → outputs ++ extra residuals. */
  readonly forward: Program;
  /** residuals ++ cotangents (one per `of`) → gradients (one per `wrt`, zeros materialised). */
  readonly backward: Program;
  /** The leading inputs of `backward`: inputs or outputs (original and extra) of `forward`. */
  readonly residuals: readonly ResidualSource[];
}

/**
 * Values and gradients in one program: inputs ++ cotangents (one per `of`) → outputs ++ gradients (one per `wrt`,
 * zeros materialised).
 */
export declare function gradientProgram(program: Program, specification: VjpSpecification): Program;

/** The same in two programs, for when the cotangents are known only later. */
export declare function splitVjp(program: Program, specification: VjpSpecification): SplitVjp;
