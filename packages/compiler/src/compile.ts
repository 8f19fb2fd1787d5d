/** The pipeline: clean-up, fusion, schedule, loops, memory. */

import {
  type AnyInstruction,
  expandLiteral,
  type Literal,
  type Program,
  type ValueId,
} from '@ceratops/kernel-registry';
import { cleanUp } from './cleanup/index.js';
import { type Fusion, fuse } from './fusion.js';
import type { Graph } from './graph.js';
import type { StorageId } from './kernel-builder.js';
import { LoweringContext } from './lower/context.js';
import { lowerGroup } from './lower/group.js';
import { type CompileNested, lowerSpecial } from './lower/special.js';
import { planMemory } from './memory.js';
import type { Plan } from './plan.js';
import { schedule } from './schedule.js';
import { draftCopy } from './storage.js';
import type { Target } from './target.js';

/** What has been made of a program so far. */
export type Stage =
  | { readonly kind: 'program'; readonly program: Program }
  /** `applied`: how often each clean-up rule applied, by the name of its function. */
  | { readonly kind: 'clean'; readonly program: Program; readonly applied: ReadonlyMap<string, number> }
  | { readonly kind: 'fusion'; readonly fusion: Fusion; readonly order: readonly number[] }
  | { readonly kind: 'plan'; readonly plan: Plan };

export interface CompilerOptions {
  /** Sees every stage of this program and of those nested in it; may throw. See debug.ts for dumps and checks. */
  readonly inspect?: ((stage: Stage) => void) | undefined;
}

/**
 * Compiles a program whose ops the target has negotiated: composites that it lacks are expanded already.
 * @throws LatePartsNeeded see `Target.late`.
 * @throws CeratopsError UNSUPPORTED for an op that neither the target's library nor the loop lowering covers.
 */
export function compileProgram(program: Program, target: Target, options: CompilerOptions = {}): Plan {
  const { inspect } = options;
  inspect?.({ kind: 'program', program });
  const clean = cleanUp(program, target.late);
  inspect?.({ kind: 'clean', ...clean });
  const fusion = fuse(clean.program, (instruction, graph) => isLibrary(instruction, graph, target));
  const order = schedule(fusion);
  inspect?.({ kind: 'fusion', fusion, order });
  const plan = lower(fusion, order, target, (region) => compileProgram(region, target, options));
  inspect?.({ kind: 'plan', plan });
  return plan;
}

function lower(fusion: Fusion, order: readonly number[], target: Target, compile: CompileNested): Plan {
  const { program, sizes } = fusion.graph;
  const { alignment, late } = target;
  const runs = target.rows ? late?.rowRuns(fusion, order) : undefined;
  const context = new LoweringContext(fusion, target, runs?.runOf);
  const inputs = program.inputs.map(({ type }, index) => {
    const storage = context.newStorage({ dtype: type.dtype, elements: sizes[index]!, input: index });
    context.place(index, storage);
    return storage;
  });
  placeConstants(context);
  const outputs = placeOutputs(context);
  for (const number of runs?.order ?? order) {
    const group = fusion.groups[number]!;
    if (group.special) lowerSpecial(context, group.members[0]!, compile);
    else (late?.lowerGroup ?? lowerGroup)(context, group, number);
  }
  copyOutputs(context, outputs);
  const { storages } = context;
  const steps = late?.joinSteps(context) ?? context.steps;
  return planMemory({ program, storages, steps, inputs, outputs, alignment, late });
}

function isLibrary({ op, operands, results, attributes }: AnyInstruction, graph: Graph, target: Target): boolean {
  return target.library({ op, operands: operands.map((id) => graph.types[id]!), results, attributes });
}

function placeConstants(context: LoweringContext): void {
  const { graph, modes } = context.fusion;
  const pool = new Map<string, StorageId>();
  graph.program.instructions.forEach((instruction, i) => {
    if (modes[i] !== 'constant' || instruction.op !== 'constant') return;
    const { value } = instruction.attributes;
    const key = contentKey(value);
    let storage = key === undefined ? undefined : pool.get(key);
    if (storage === undefined) {
      const { dtype } = value.type;
      storage = context.newStorage({ dtype, elements: graph.sizes[graph.first[i]!]!, data: expandLiteral(value) });
      if (key !== undefined) pool.set(key, storage);
    }
    context.place(graph.first[i]!, storage);
  });
}

const longestKey = 64;

function contentKey({ type, data }: Literal): string | undefined {
  if (data.length > longestKey) return undefined;
  // By bytes: 0 and -0 differ, and so do NaNs.
  return `${type.dtype} ${type.shape} ${new Uint8Array(data.buffer, data.byteOffset, data.byteLength)}`;
}

/** Gives each output its storage; the value that it is, is computed there unless that has a place already. */
function placeOutputs(context: LoweringContext): StorageId[] {
  const { graph, rootOf, groupOf } = context.fusion;
  const taken = new Set<ValueId>();
  return graph.program.outputs.map((value, index) => {
    const { dtype } = graph.types[value]!;
    const storage = context.newStorage({ dtype, elements: graph.sizes[value]!, output: index });
    const root = rootOf(value);
    const definition = graph.definitions[root]!;
    if (definition >= 0 && groupOf[definition]! >= 0 && !taken.has(root)) {
      taken.add(root);
      context.place(root, storage);
    }
    return storage;
  });
}

function copyOutputs(context: LoweringContext, outputs: readonly StorageId[]): void {
  const { graph } = context.fusion;
  graph.program.outputs.forEach((value, index) => {
    const from = context.storageOf(value);
    const to = outputs[index]!;
    if (from !== to) context.steps.push(draftCopy(from, to, context.storages[to]!.bytes));
  });
}
