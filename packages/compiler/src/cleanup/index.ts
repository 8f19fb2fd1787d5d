/** The clean-up of a program: rewrites, common sub-expressions, dead code. */

import type { Program } from '@ceratops/kernel-registry';
import type { LateParts } from '../late-parts.js';
import { algebraRules } from './algebra.js';
import { Rewriter, type Rule, type RulesByOp, rulesByOp } from './rewriter.js';
import { viewRules } from './views.js';

export const cleanUpRules: readonly Rule[] = [...viewRules, ...algebraRules];

let byOp: RulesByOp | undefined;

export interface CleanUp {
  readonly program: Program;
  /** How often each rule applied, by the name of its function. */
  readonly applied: ReadonlyMap<string, number>;
}

export function cleanUp(program: Program, late: LateParts | undefined): CleanUp {
  byOp ??= rulesByOp(cleanUpRules);
  const rewriter = new Rewriter(byOp, late);
  return { program: rewriter.rewrite(program), applied: rewriter.applied };
}
