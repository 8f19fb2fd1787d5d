/** Control flow over any emitter. */

import { bringRules } from '../bring-rules.js';
import type { Emitter, Value } from '../builder.js';
import { controlInfer } from '../infer/control.js';
import type { Program } from '../program.js';
import { controlVjp } from '../vjp/control.js';

function bringControl(): void {
  bringRules(controlInfer, controlVjp);
}

export function whileLoop(
  emitter: Emitter,
  carries: readonly Value[],
  condition: Program,
  body: Program,
): readonly Value[] {
  bringControl();
  return emitter.emit('while', carries, { condition, body });
}

export function caseOf(
  emitter: Emitter,
  index: Value,
  operands: readonly Value[],
  branches: readonly Program[],
): readonly Value[] {
  bringControl();
  return emitter.emit('case', [index, ...operands], { branches });
}
