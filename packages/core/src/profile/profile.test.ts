import type { Backend, BackendProfile, ProfileEvent } from '@ceratops/kernel-registry';
import { referenceBackend } from '@ceratops/kernel-registry/testing';
import { describe, expect, it } from 'vitest';
import { useBackend } from '../engine/default-engine.js';
import * as p from '../primitives/index.js';
import { tensor } from '../tensor/tensor.js';
import { profile } from './profile.js';

const base = { program: 'step', ops: [], flops: 0, bytes: 0 } as const;
const events: readonly ProfileEvent[] = [
  { ...base, kind: 'program', name: 'step', thread: 0, start: 1, duration: 2, flops: 4e6, bytes: 1e6 },
  { ...base, kind: 'kernel', name: 'gemm', ops: ['dot_general'], thread: 0, start: 1, duration: 1, flops: 3e6 },
  { ...base, kind: 'kernel', name: 'gemm', ops: ['dot_general'], thread: 2, start: 1.5, duration: 0.5, flops: 1e6 },
];
const answer: BackendProfile = { events, lost: 1, peaks: { flops: 5e10, bandwidth: 2e10 } };

/** A device that notes, in order, what reaches it between the start and the end of a profile. */
function profiling(): { readonly calls: string[] } {
  const calls: string[] = [];
  const device = referenceBackend();
  const compile = device.compile.bind(device);
  const noting: Partial<Backend> = {
    compile: (program, options) => {
      const executable = compile(program, options);
      if ('then' in executable) throw new Error('the reference compiles at once');
      const execute = executable.execute.bind(executable);
      return {
        ...executable,
        execute: (call) => {
          calls.push('execute');
          execute(call);
        },
      };
    },
    synchronize: async () => void calls.push('synchronize'),
    profile: async (on) => {
      calls.push(on ? 'start' : 'stop');
      return on ? undefined : answer;
    },
  };
  useBackend(Object.assign(device, noting));
  return { calls };
}

describe('profile', () => {
  it('keeps apart what was recorded before, and waits for what is in flight', async () => {
    const { calls } = profiling();
    const x = tensor([1, 2]);
    const before = p.add(x, x);
    const {
      result,
      events: found,
      lost,
      peaks,
    } = await profile(async () => {
      await null;
      return p.multiply(before, x);
    });
    expect(calls).toEqual(['execute', 'synchronize', 'start', 'execute', 'synchronize', 'stop']);
    expect(await result.array()).toEqual([2, 8]);
    expect([found, lost, peaks]).toEqual([answer.events, answer.lost, answer.peaks]);
  });

  it('ends when the function fails', async () => {
    const { calls } = profiling();
    await expect(
      profile(() => {
        throw new RangeError('mine');
      }),
    ).rejects.toThrow('mine');
    expect(calls.at(-1)).toBe('stop');
  });

  it('says where a backend keeps no time', async () => {
    useBackend(referenceBackend());
    await expect(profile(() => 1)).rejects.toMatchObject({ code: 'UNSUPPORTED', subject: 'reference' });
  });

  it('is a Chrome trace: complete events in microseconds, a lane for each thread', async () => {
    profiling();
    const trace = (await profile(() => undefined)).toChromeTrace();
    expect(JSON.parse(JSON.stringify(trace))).toEqual(trace);
    const lanes = trace.traceEvents
      .filter(({ name }) => name === 'thread_name')
      .map(({ tid, args }) => [tid, args.name]);
    expect(lanes).toEqual([
      [0, 'main'],
      [2, 'worker 2'],
    ]);
    const complete = trace.traceEvents.filter(({ ph }) => ph === 'X');
    expect(complete.map(({ name, cat, tid, ts, dur }) => [name, cat, tid, ts, dur])).toEqual([
      ['step', 'program', 0, 1000, 2000],
      ['gemm', 'kernel', 0, 1000, 1000],
      ['gemm', 'kernel', 2, 1500, 500],
    ]);
    // 3 million operations in a millisecond.
    expect(complete[1]!.args).toMatchObject({ program: 'step', ops: 'dot_general', flops: 3e6, 'GFLOP/s': 3 });
  });
});
