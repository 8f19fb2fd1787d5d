/** Every way in which the CPU runs a program. */

import { LatePartsNeeded } from '@ceratops/compiler';
import {
  type Executable,
  expandComposites,
  type HostArray,
  negotiate,
  outputTypes,
  type Program,
} from '@ceratops/kernel-registry';
import { CpuBackend } from '../../packages/backend-cpu/src/backend.js';
import { CpuDevice } from '../../packages/backend-cpu/src/device.js';
import { lateParts } from '../../packages/backend-cpu/src/late.js';
import { prepareProgram } from '../../packages/backend-cpu/src/program/prepare.js';
import { hasRelaxedSimd } from '../../packages/backend-cpu/src/wasm/features.js';
import { compileProgram } from '../../packages/compiler/src/compile.js';
import { verifyStage } from '../../packages/compiler/src/debug/stages.js';
import { runPlan } from '../../packages/compiler/src/run-plan.js';
import { tinyTarget } from '../../packages/compiler/src/test-support/targets.js';
import type { Case } from './random-program.js';

/** Threads share whatever has two items. */
const shareEverything = { step: 1, chunk: 1, wake: 1 };

interface Variant {
  readonly name: string;
  readonly device: CpuDevice | CpuBackend;
  /** The variant whose bits this one must have. */
  readonly sameAs?: string;
}

const plain = new CpuBackend({ threads: 1, relaxedSimd: false });

const ofPlain: readonly Variant[] = [
  { name: 'plain', device: plain },
  {
    name: 'two threads',
    device: new CpuBackend({ threads: 2, relaxedSimd: false }, shareEverything),
    sameAs: 'plain',
  },
  // As a page's worker is before it has loaded its late parts.
  { name: 'no late parts', device: new CpuDevice({ threads: 1, relaxedSimd: false }, undefined), sameAs: 'plain' },
];

const relaxed: Variant = { name: 'relaxed', device: new CpuBackend({ threads: 1, relaxedSimd: true }) };

const variants: readonly Variant[] = hasRelaxedSimd() ? [...ofPlain, relaxed] : ofPlain;

export interface Run {
  readonly name: string;
  readonly sameAs: string | undefined;
  readonly outputs: readonly HostArray[];
}

/** Composites by what they are made of. */
export function lowered(program: Program): Program {
  return expandComposites(program, () => false);
}

let nextId = 1;

/** What `executable` gives: `isVetoed` keeps every input, else what has an alias is taken over. */
function outputsOf(
  device: CpuDevice | CpuBackend,
  executable: Executable,
  inputs: readonly HostArray[],
  isVetoed: boolean,
) {
  const { program } = executable;
  const ids = new Map<HostArray, number>();
  inputs.forEach((data, i) => {
    if (ids.has(data)) return;
    ids.set(data, nextId);
    device.write(nextId++, program.inputs[i]!.type, data);
  });
  const given = inputs.map((data) => ids.get(data)!);
  const outputs = program.outputs.map(() => nextId++);
  executable.execute({ inputs: given, outputs, vetoed: isVetoed ? inputs.map((_, i) => i) : [] });
  const results = outputs.map((id) => device.readSync(id));
  const isGone = (i: number): boolean =>
    !isVetoed && program.inputs[i]!.aliases !== undefined && given.indexOf(given[i]!) === given.lastIndexOf(given[i]!);
  device.free([...new Set(given.filter((_, i) => !isGone(i))), ...outputs]);
  return results;
}

function runsOn({ name, device, sameAs }: Variant, { program, inputs }: Case): Run[] {
  const executable = device.compile(negotiate(program, plain));
  const runs: Run[] = [{ name, sameAs, outputs: outputsOf(device, executable, inputs, true) }];
  if (program.inputs.some(({ aliases }) => aliases !== undefined)) {
    const outputs = outputsOf(device, executable, inputs, false);
    runs.push({ name: `${name}, inputs given away`, sameAs: name, outputs });
  }
  executable.release();
  return runs;
}

/** The plan in JavaScript, checked between stages, its items last first. */
function interpreted({ program, inputs }: Case): HostArray[] {
  const plan = compileProgram(prepareProgram(lowered(program), lateParts), tinyTarget, { inspect: verifyStage });
  return runPlan(plan, inputs, outputTypes(program), { alias: true, runs: 3 });
}

/** @throws what compiling or running throws. */
export function runEverywhere(current: Case): Run[] {
  const runs: Run[] = [{ name: 'interpreted', sameAs: undefined, outputs: interpreted(current) }];
  for (const variant of variants) {
    try {
      runs.push(...runsOn(variant, current));
    } catch (error) {
      if (!(error instanceof LatePartsNeeded)) throw error;
    }
  }
  return runs;
}

/** Ends the threads. */
export async function closeBackends(): Promise<void> {
  for (const { device } of variants) await device.close();
}
