/** The clean-up of a program: rewrites, common sub-expressions, dead code. */

import type { OpName, Program } from '@ceratops/kernel-registry';
import { algebraRules } from './algebra.js';
import { Rewriter, type Rule } from './rewriter.js';
import { viewRules } from './views.js';

export const cleanUpRules: readonly Rule[] = [...viewRules, ...algebraRules];

let byOp: Map<OpName, Rule[]> | undefined;

function rulesByOp(): ReadonlyMap<OpName, readonly Rule[]> {
  if (byOp !== undefined) return byOp;
  byOp = new Map();
  for (const rule of cleanUpRules) {
    for (const op of rule.ops) byOp.set(op, [...(byOp.get(op) ?? []), rule]);
  }
  return byOp;
}

export interface CleanUp {
  readonly program: Program;
  /** How often each rule applied, by name. */
  readonly applied: ReadonlyMap<string, number>;
}

export function cleanUp(program: Program): CleanUp {
  const rewriter = new Rewriter(rulesByOp());
  return { program: rewriter.rewrite(program), applied: rewriter.applied };
}
