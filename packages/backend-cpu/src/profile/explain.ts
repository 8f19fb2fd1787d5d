/** A program's steps as text: what each got, what it does, what bounds it, and how fast it was when it was profiled. */

import type { Plan } from '@ceratops/compiler';
import { peakMemory } from '@ceratops/compiler/debug';
import type { DevicePeaks } from '@ceratops/kernel-registry';
import type { Engine } from '../engine.js';
import { alignment } from '../memory/allocator.js';
import { linkProgram } from '../program/link.js';
import { knownPeaks } from './peaks.js';
import { Trace, type TracedStep } from './trace.js';

/** Operations for each byte above which computing takes longer than moving, where no device has been measured. */
const usualBalance = 4;

/** @param profiled what watched the code that was profiled, if any was. */
export function explain(label: string, plan: Plan, engine: Engine, profiled: Trace | undefined): string {
  const trace = new Trace(false);
  const { code, workspaceBytes, scratchBytes } = linkProgram(plan, { engine, trace });
  const size = `${code.length} bytes of WebAssembly, ${trace.loops.size} different loops`;
  const sizes = `${plan.arenaBytes} bytes of temporaries, ${workspaceBytes} of workspace, ${scratchBytes} a thread`;
  const peak = peakMemory(plan, alignment);
  const where = peak.bytes > 0 ? `, in step ${peak.step}` : '';
  const most = `at most ${peak.bytes} bytes alive at once${where}`;
  const peaks = knownPeaks(engine);
  const { steps } = profiled ?? trace;
  const lines = steps.map((step) => `${'  '.repeat(step.depth)}${subjectOf(step)}${roofline(step, peaks)}`);
  return [`${label} on cpu: ${size}, ${sizes}; ${most}`, ...lines].join('\n');
}

function subjectOf({ step, description }: TracedStep): string {
  if (step.kind === 'library') return `${step.instruction.op}: ${description}`;
  if (step.kind === 'rows') {
    const names = step.kernels.map(({ kernel }) => kernel.name);
    return `${names.join(', ')}: loops, one after the other on a few of ${step.kernels[0]!.kernel.items} rows`;
  }
  if (step.kind !== 'kernel') return step.kind;
  const { name, items, costPerItem } = step.kernel;
  return `${name}: loops, ${items} items of ${costPerItem} operations`;
}

function roofline({ step, work, time, runs }: TracedStep, peaks: DevicePeaks | undefined): string {
  if (step.kind === 'while' || step.kind === 'case') return '';
  const { flops, bytes } = work;
  const intensity = bytes === 0 ? 0 : flops / bytes;
  const balance = peaks === undefined ? usualBalance : peaks.flops / peaks.bandwidth;
  const bound = intensity > balance ? 'compute' : 'memory';
  const amounts = `${scaled(flops)}FLOP, ${scaled(bytes)}B, ${intensity.toPrecision(2)} FLOP/B, bound by ${bound}`;
  if (runs === 0) return `; ${amounts}`;
  const seconds = time / runs / 1000;
  const speed = `; ${amounts}; ${Number((seconds * 1e6).toPrecision(3))} µs`;
  if (peaks === undefined) return speed;
  return `${speed}, ${((100 * leastSeconds(flops, bytes, peaks)) / seconds).toFixed(0)} % of peak`;
}

/** The time that the work would take if the device did nothing else, at its best. */
function leastSeconds(flops: number, bytes: number, peaks: DevicePeaks): number {
  return Math.max(flops / peaks.flops, bytes / peaks.bandwidth);
}

function scaled(amount: number): string {
  const prefixes = ['', 'k', 'M', 'G'];
  const power = Math.min(prefixes.length - 1, amount < 1 ? 0 : Math.floor(Math.log10(amount) / 3));
  return `${Number((amount / 1000 ** power).toPrecision(3))} ${prefixes[power]}`;
}
