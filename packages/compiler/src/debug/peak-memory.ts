import type { BufferIndex, Plan, PlanCall, Step } from '../plan.js';
import { buffersOf } from './verify.js';

/** When a plan needs the most temporaries: no arena can be smaller. */
export interface PeakMemory {
  /** Of the temporaries that hold data at that step, nested plans' included. */
  readonly bytes: number;
  /** Index of the step; -1 where nothing is ever kept. */
  readonly step: number;
}

/** @param alignment to a multiple of which each buffer takes memory. */
export function peakMemory(plan: Plan, alignment: number): PeakMemory {
  const { steps, buffers } = plan;
  const arenas = new Set(steps.flatMap((step) => callsOf(step).map(({ arena }) => arena)));
  const sizeOf = (buffer: BufferIndex): number => {
    const { place, bytes } = buffers[buffer]!;
    // What a nested plan keeps in its arena counts while it runs, and only as far as it does.
    return place.kind === 'temporary' && !arenas.has(buffer) ? Math.ceil(bytes / alignment) * alignment : 0;
  };
  const last = new Map<BufferIndex, number>();
  for (const [at, step] of steps.entries()) for (const buffer of buffersOf(step)) last.set(buffer, at);
  const alive = new Set<BufferIndex>();
  let bytes = 0;
  let peak: PeakMemory = { bytes: 0, step: -1 };
  for (const [at, step] of steps.entries()) {
    const touched = new Set(buffersOf(step));
    for (const buffer of touched) {
      if (alive.has(buffer)) continue;
      alive.add(buffer);
      bytes += sizeOf(buffer);
    }
    const nested = callsOf(step).map((call) => peakMemory(call.plan, alignment).bytes);
    const total = bytes + Math.max(0, ...nested);
    if (total > peak.bytes) peak = { bytes: total, step: at };
    for (const buffer of touched) {
      if (last.get(buffer) !== at) continue;
      alive.delete(buffer);
      bytes -= sizeOf(buffer);
    }
  }
  return peak;
}

function callsOf(step: Step): readonly PlanCall[] {
  if (step.kind === 'while') return [step.condition, step.body];
  return step.kind === 'case' ? step.branches : [];
}
