/**
 * For those who take ops by name, whatever they are: builders, type inference, differentiation and foreign composites know
 * every op, and those who decompose know every decomposition.
 * A program that only traces its own ops does without (see `rules.ts`), and its bundle is smaller for it.
 */

import { bringRules } from './bring-rules.js';
import {
  ProgramBuilder as BuilderAtHand,
  buildWith,
  type Emitter,
  inline as inlineAtHand,
  type Value,
} from './builder.js';
import { type CompositeDefinition, defineComposite as define, registerComposite as register } from './composite.js';
import { bringDecompositions } from './decompositions.js';
import { decompose as decomposeAtHand, expandComposites as expandAtHand, type KeepComposite } from './expand.js';
import { baseInfer } from './infer/base.js';
import { callsInfer } from './infer/calls.js';
import { controlInfer } from './infer/control.js';
import { dynamicSliceInfer } from './infer/dynamic-slice.js';
import { infer as inferAtHand } from './infer/index.js';
import { indexingInfer } from './infer/indexing.js';
import { numericInfer } from './infer/numeric.js';
import type { InferRules } from './infer/rule.js';
import { sortInfer } from './infer/sort.js';
import { type Capabilities, negotiate as negotiateAtHand } from './negotiate.js';
import type { OpAttributes, OpName } from './opset.js';
import type { Program } from './program.js';
import type { BroughtOp } from './rules.js';
import type { TensorType } from './tensor-type.js';
import { baseVjp } from './vjp/base.js';
import { callsVjp } from './vjp/calls.js';
import { controlVjp } from './vjp/control.js';
import { dynamicSliceVjp } from './vjp/dynamic-slice.js';
import { foldVjp } from './vjp/fold.js';
import { indexingVjp } from './vjp/indexing.js';
import { numericVjp } from './vjp/numeric.js';
import type { VjpRules } from './vjp/rule.js';
import { sortVjp } from './vjp/sort.js';

/** One type rule per op. */
export const inferRules: InferRules = {
  ...baseInfer,
  ...callsInfer,
  ...controlInfer,
  ...dynamicSliceInfer,
  ...indexingInfer,
  ...numericInfer,
  ...sortInfer,
};

const broughtVjp: VjpRules<BroughtOp> = {
  ...callsVjp,
  ...controlVjp,
  ...dynamicSliceVjp,
  ...indexingVjp,
  ...numericVjp,
  ...sortVjp,
};

/** One reverse-mode rule per op. */
export const vjpRules: VjpRules = { ...baseVjp, ...broughtVjp };

/** Makes every op known by name, and every decomposition. Again is fine. */
export function bringAllRules(): void {
  bringDecompositions();
  bringRules(inferRules, broughtVjp);
  bringRules(inferRules, foldVjp);
}

/**
 * The result types of `op` for these operand types and attributes.
 * @throws CeratopsError SHAPE_MISMATCH, DTYPE_MISMATCH, INVALID_ARGUMENT or INVALID_PROGRAM (a region) that names the op.
 */
export function infer<O extends OpName>(
  op: O,
  operands: readonly TensorType[],
  attributes: OpAttributes[O],
): readonly TensorType[] {
  bringAllRules();
  return inferAtHand(op, operands, attributes);
}

/** A builder that knows every op by name. */
export class ProgramBuilder extends BuilderAtHand {
  constructor() {
    super();
    bringAllRules();
  }
}

/** A program from a function over its inputs. */
export function buildProgram(
  inputs: readonly TensorType[],
  body: (emitter: Emitter, ...values: Value[]) => readonly Value[],
  name?: string,
): Program {
  return buildWith(new ProgramBuilder(), inputs, body, name);
}

/** Replays a program's instructions into an emitter, on these operands, and gives its outputs. */
export function inline(emitter: Emitter, program: Program, operands: readonly Value[]): Value[] {
  bringAllRules();
  return inlineAtHand(emitter, program, operands);
}

/** Checks a definition's name and returns it unchanged; nothing is registered. Its functions may emit any op by name. */
export function defineComposite(definition: CompositeDefinition): CompositeDefinition {
  bringAllRules();
  return define(definition);
}

/**
 * Makes a definition known by its name. Again is fine. Its functions may emit any op by name.
 * @throws CeratopsError INVALID_ARGUMENT when another definition outside our namespace has the name.
 */
export function registerComposite(definition: CompositeDefinition): void {
  bringAllRules();
  register(definition);
}

/** Emits what a composite is made of: its registered definition's decomposition, else the one it carries. */
export function decompose(
  emitter: Emitter,
  composite: OpAttributes['composite'],
  operands: readonly Value[],
  replay?: (program: Program) => readonly Value[],
): readonly Value[] {
  bringAllRules();
  return decomposeAtHand(emitter, composite, operands, replay);
}

/**
 * The program with every composite that `keep` refuses replaced by its decomposition, again and again, in regions
 * too, and what that leaves unused removed. The same object when nothing was replaced.
 * @throws CeratopsError UNKNOWN_NAME for a composite that has neither a definition here nor a decomposition with it.
 */
export function expandComposites(program: Program, keep: KeepComposite): Program {
  bringAllRules();
  return expandAtHand(program, keep);
}

/**
 * The program with every composite that the backend does not run itself replaced by its decomposition.
 * @throws CeratopsError UNSUPPORTED, one for all ops that have no kernel: op, types, backend, reason, who could run it.
 */
export function negotiate(program: Program, backend: Capabilities): Program {
  bringAllRules();
  return negotiateAtHand(program, backend);
}
