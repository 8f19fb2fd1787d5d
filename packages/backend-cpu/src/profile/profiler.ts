/** Takes a profile of one engine: gives programs the memory for their records, and makes events of these. */

import { type BackendProfile, CeratopsError, type ProfileEvent } from '@ceratops/kernel-registry';
import type { Engine } from '../engine.js';
import { compileOptimised } from '../platform/node.js';
import { control, controlAddress } from '../threads/control.js';
import { now } from './clock.js';
import { logHeader, record } from './log.js';
import { knownPeaks, measurePeaks } from './peaks.js';
import { Trace, type TracedCall } from './trace.js';

/** Of one run of a program. */
const capacity = 1 << 16;

export class Profiler {
  /** What profiled code imports. */
  readonly now: () => number = now;
  readonly #engine: Engine;
  readonly #log: number;
  readonly #begin: number;
  readonly #events: ProfileEvent[] = [];
  #lost = 0;

  constructor(engine: Engine) {
    this.#engine = engine;
    this.#log = engine.allocate(logHeader.byteLength + capacity * record.byteLength, 'a profile');
    this.#word(controlAddress + control.log, this.#log);
    this.#word(this.#log + logHeader.capacity, capacity);
    this.#begin = now();
  }

  /** Links and loads a program for `run`, as code that is fast from its first run where the host allows that. */
  load<T>(link: (trace: Trace) => T): T {
    return compileOptimised(() => link(new Trace(true)));
  }

  /** One run of a program that was linked with `trace`. */
  run<T>(label: string, trace: Trace, run: () => T): T {
    this.#word(this.#log + logHeader.records, 0);
    const start = now();
    const result = run();
    const end = now();
    const kernels = this.#kernelEvents(label, trace);
    const total = { flops: 0, bytes: 0 };
    for (const { flops, bytes } of kernels) {
      total.flops += flops;
      total.bytes += bytes;
    }
    const times = { start: start - this.#begin, duration: end - start };
    this.#events.push(
      { kind: 'program', name: label, program: label, ops: [], thread: 0, ...times, ...total },
      ...kernels,
    );
    return result;
  }

  #word(address: number, value: number): void {
    this.#engine.memory.words[address / 4] = value;
  }

  #kernelEvents(label: string, trace: Trace): ProfileEvent[] {
    const records = this.#records();
    for (const { call, start, end } of spans(records, trace.calls)) {
      const { step, isLast } = trace.calls[call]!;
      step.time += end - start;
      if (isLast) step.runs++;
    }
    return joined(records, trace.calls).map(({ call, thread, items, start, end }) => {
      const { name, work, items: all } = trace.calls[call]!;
      const share = all === 0 ? 0 : items / all;
      const times = { start: start - this.#begin, duration: end - start };
      const amounts = { flops: work.flops * share, bytes: work.bytes * share };
      return { kind: 'kernel', name, program: label, ops: work.ops, thread, ...times, ...amounts };
    });
  }

  #records(): LoggedCall[] {
    const { bytes } = this.#engine.memory;
    const wanted = this.#engine.memory.words[(this.#log + logHeader.records) / 4]!;
    const count = Math.min(wanted, capacity);
    this.#lost += wanted - count;
    const view = new DataView(bytes.buffer, this.#log + logHeader.byteLength, count * record.byteLength);
    const word = (at: number, field: 'call' | 'thread' | 'items' | 'epoch'): number =>
      view.getInt32(at * record.byteLength + record[field], true);
    const time = (at: number, field: 'start' | 'end'): number =>
      view.getFloat64(at * record.byteLength + record[field], true);
    return Array.from({ length: count }, (_, at) => ({
      ...{ call: word(at, 'call'), thread: word(at, 'thread'), items: word(at, 'items'), epoch: word(at, 'epoch') },
      ...{ start: time(at, 'start'), end: time(at, 'end') },
    })).sort((a, b) => a.start - b.start);
  }

  stop(): BackendProfile {
    this.#word(controlAddress + control.log, 0);
    this.#engine.memory.free(this.#log);
    this.#events.sort((a, b) => a.start - b.start || b.duration - a.duration);
    return { events: this.#events, lost: this.#lost, peaks: knownPeaks(this.#engine) ?? measurePeaks(this.#engine) };
  }
}

interface LoggedCall {
  readonly call: number;
  readonly thread: number;
  readonly items: number;
  readonly epoch: number;
  readonly start: number;
  end: number;
}

/** The chunks of a kernel that one thread did one after the other are one event. */
function joined(records: readonly LoggedCall[], calls: readonly TracedCall[]): LoggedCall[] {
  const last = new Map<number, LoggedCall>();
  const result: LoggedCall[] = [];
  for (const next of records) {
    const before = last.get(next.thread);
    if (before !== undefined && isSameRun(before, next, calls)) {
      const whole = { ...before, items: before.items + next.items, end: next.end };
      result[result.lastIndexOf(before)] = whole;
      last.set(next.thread, whole);
      continue;
    }
    result.push(next);
    last.set(next.thread, next);
  }
  return result;
}

/** From the first to the last moment that any thread spent on one run of a kernel. */
function spans(records: readonly LoggedCall[], calls: readonly TracedCall[]): LoggedCall[] {
  const result: LoggedCall[] = [];
  for (const next of records) {
    const before = result.at(-1);
    if (before !== undefined && isSameRun(before, next, calls)) before.end = Math.max(before.end, next.end);
    else result.push({ ...next });
  }
  return result;
}

function isSameRun(a: LoggedCall, b: LoggedCall, calls: readonly TracedCall[]): boolean {
  const { items } = calls[a.call]!;
  return a.call === b.call && a.epoch === b.epoch && a.items < items && b.items < items;
}

/** Starts a profile of the engine, or ends it and answers with it. */
export function profile(engine: Engine, on: boolean): BackendProfile | undefined {
  const { profiler } = engine;
  if (on === (profiler !== undefined)) {
    throw new CeratopsError('INVALID_STATE', on ? 'a profile is being taken' : 'no profile is being taken', {
      subject: 'cpu profile',
    });
  }
  engine.profiler = on ? new Profiler(engine) : undefined;
  return profiler?.stop();
}
