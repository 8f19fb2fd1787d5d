/**
 * Looking into the compiler: checks between stages, and dumps. `CERATOPS_DUMP=stages` prints every stage of every
 * compilation; any other value is a directory that gets files `<number>-<program>-<stage>.txt`, where there is a file
 * system.
 */

import { formatType, type Program, type ValueId, validateProgram } from '@ceratops/kernel-registry';
import type { Stage } from '../compile.js';
import type { Fusion } from '../fusion.js';
import { printPlan } from './print.js';
import { verifyPlan } from './verify.js';

/** Takes the text of one stage. */
export type StageSink = (program: string, stage: string, text: string) => void;

/** Throws where a stage breaks its rules. */
export function verifyStage(stage: Stage): void {
  if (stage.kind === 'clean') validateProgram(stage.program);
  if (stage.kind === 'plan') verifyPlan(stage.plan);
}

/** The text of a stage. */
export function printStage(stage: Stage): string {
  switch (stage.kind) {
    case 'program':
      return printInstructions(stage.program);
    case 'clean': {
      const rules = [...stage.applied].sort(([a], [b]) => (a < b ? -1 : 1));
      return [...rules.map(([name, count]) => `// ${count} × ${name}`), printInstructions(stage.program)].join('\n');
    }
    case 'fusion':
      return printFusion(stage.fusion, stage.order);
    case 'plan':
      return printPlan(stage.plan);
  }
}

/** An `inspect` that checks every stage and hands its text to `sink`. */
export function inspector(sink: StageSink): (stage: Stage) => void {
  let name = 'program';
  return (stage) => {
    if (stage.kind === 'program' || stage.kind === 'clean') name = stage.program.name;
    if (stage.kind === 'plan') name = stage.plan.name;
    sink(name, stage.kind, printStage(stage));
    verifyStage(stage);
  };
}

interface FileSystem {
  mkdirSync(path: string, options: { readonly recursive: boolean }): unknown;
  writeFileSync(path: string, text: string): void;
}

interface Host {
  readonly process?: {
    readonly env?: { readonly CERATOPS_DUMP?: string | undefined };
    getBuiltinModule?(name: string): unknown;
  };
  readonly console?: { log(text: string): void };
}

let dumps = 0;

/** What the environment variable `CERATOPS_DUMP` asks for; undefined when it is not set. */
export function environmentInspector(): ((stage: Stage) => void) | undefined {
  const { process, console } = globalThis as Host;
  const wanted = process?.env?.CERATOPS_DUMP;
  if (wanted === undefined || wanted === '') return undefined;
  const files = wanted === 'stages' ? undefined : (process?.getBuiltinModule?.('node:fs') as FileSystem | undefined);
  files?.mkdirSync(wanted, { recursive: true });
  return inspector((program, stage, text) => {
    const number = String(dumps++).padStart(4, '0');
    if (files === undefined) console?.log(`--- ${number} ${program}: ${stage}\n${text}`);
    else files.writeFileSync(`${wanted}/${number}-${program.replace(/[^\w.-]/g, '_')}-${stage}.txt`, `${text}\n`);
  });
}

function list(values: readonly ValueId[]): string {
  return values.map((id) => `%${id}`).join(', ');
}

function printInstructions({ name, inputs, instructions, outputs }: Program): string {
  const lines = inputs.map(({ type, aliases }, i) => {
    const alias = aliases === undefined ? '' : `, may become output ${aliases}`;
    return `  %${i} = input: ${formatType(type)}${alias}`;
  });
  let next = inputs.length;
  for (const { op, operands, results } of instructions) {
    const ids = results.map(() => next++);
    lines.push(`  ${list(ids)} = ${op}(${list(operands)}): ${results.map(formatType).join(', ')}`);
  }
  return [`program ${name}`, ...lines, `  return ${list(outputs)}`].join('\n');
}

function printFusion({ graph, modes, groups, library, stored }: Fusion, order: readonly number[]): string {
  const { instructions } = graph.program;
  const line = (i: number): string => {
    const { op, operands, results } = instructions[i]!;
    const kept = results.some((_, r) => stored[graph.first[i]! + r] === 1) ? ', stored' : '';
    const mode = library[i] === 1 ? 'library' : modes[i];
    return `  %${graph.first[i]} = ${op}(${list(operands)}): ${results.map(formatType).join(', ')} [${mode}${kept}]`;
  };
  const others = instructions.map((_, i) => i).filter((i) => ['inline', 'alias', 'constant'].includes(modes[i]!));
  const described = order.flatMap((number) => [
    `group ${number}, level ${groups[number]!.level}`,
    ...groups[number]!.members.map(line),
  ]);
  return [...described, 'in no group', ...others.map(line)].join('\n');
}
