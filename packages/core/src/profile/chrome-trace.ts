/** Profiles as `chrome://tracing` and Perfetto open them: the JSON object form of the Trace Event Format. */
import type { ProfileEvent } from '@ceratops/kernel-registry';

/** A complete event, or metadata. */
export interface ChromeTraceEvent {
  readonly name: string;
  readonly cat?: string;
  readonly ph: 'X' | 'M';
  readonly pid: number;
  readonly tid: number;
  /** Microseconds. */
  readonly ts?: number;
  readonly dur?: number;
  readonly args: { readonly [name: string]: string | number };
}

export interface ChromeTrace {
  readonly displayTimeUnit: 'ns' | 'ms';
  readonly traceEvents: readonly ChromeTraceEvent[];
}

const pid = 1;

export function chromeTrace(device: string, events: readonly ProfileEvent[]): ChromeTrace {
  const threads = [...new Set(events.map(({ thread }) => thread))].sort((a, b) => a - b);
  const names = threads.map((tid): ChromeTraceEvent => {
    return { name: 'thread_name', ph: 'M', pid, tid, args: { name: tid === 0 ? 'main' : `worker ${tid}` } };
  });
  const process: ChromeTraceEvent = { name: 'process_name', ph: 'M', pid, tid: 0, args: { name: device } };
  return { displayTimeUnit: 'ns', traceEvents: [process, ...names, ...events.map(completeEvent)] };
}

function completeEvent({
  kind,
  name,
  program,
  ops,
  thread,
  start,
  duration,
  flops,
  bytes,
}: ProfileEvent): ChromeTraceEvent {
  const rates = duration > 0 ? { 'GFLOP/s': flops / duration / 1e6, 'GB/s': bytes / duration / 1e6 } : {};
  const args = { program, ops: ops.join(', '), flops, bytes, ...rates };
  return { name, cat: kind, ph: 'X', pid, tid: thread, ts: start * 1000, dur: duration * 1000, args };
}
