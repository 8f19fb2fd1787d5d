/**
 * HDF5 files to and from memory, through h5wasm in a worker of its own. A damaged file can abort the library, loop or
 * ask for any amount of memory: the worker has a memory cap and a deadline, and whatever happens in it comes back as one
 * typed error.
 */

import { CeratopsError } from '@ceratops/kernel-registry';
import { type NodeWorker, nodeBuiltin } from '../../platform/node.js';
import type { Hdf5Content, Hdf5Job, Hdf5Reply } from './content.js';

export interface Hdf5Limits {
  /** Milliseconds until the worker is stopped; default 120,000. */
  readonly deadline?: number | undefined;
  /** Bytes that the HDF5 library and the datasets may each take; default 2 GiB. */
  readonly memoryLimit?: number | undefined;
}

const defaultDeadline = 120_000;
const defaultMemoryLimit = 2 ** 31;

/**
 * @param subject the file's name, for errors.
 * @throws CeratopsError MALFORMED_INPUT for anything that is not a sound HDF5 file of numeric datasets.
 */
export async function readHdf5(bytes: Uint8Array, subject: string, limits: Hdf5Limits = {}): Promise<Hdf5Content> {
  const reply = await run(
    { kind: 'read', bytes, memoryLimit: limits.memoryLimit ?? defaultMemoryLimit },
    subject,
    limits,
  );
  if (reply.kind !== 'read') throw failure(subject, 'cannot be read as HDF5', reply);
  return reply.content;
}

export async function writeHdf5(content: Hdf5Content, subject: string, limits: Hdf5Limits = {}): Promise<Uint8Array> {
  const reply = await run(
    { kind: 'write', content, memoryLimit: limits.memoryLimit ?? defaultMemoryLimit },
    subject,
    limits,
  );
  if (reply.kind !== 'written') throw failure(subject, 'cannot be written as HDF5', reply);
  return reply.bytes;
}

function failure(subject: string, problem: string, reply: Hdf5Reply): CeratopsError {
  const detail = reply.kind === 'failed' ? reply.message : `an answer of kind ${reply.kind}`;
  return new CeratopsError('MALFORMED_INPUT', `${problem}: ${detail}`, { subject });
}

function run(job: Hdf5Job, subject: string, { deadline = defaultDeadline }: Hdf5Limits): Promise<Hdf5Reply> {
  return new Promise((resolve) => {
    let settled = false;
    const finish = (reply: Hdf5Reply): void => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      worker.stop();
      resolve(reply);
    };
    const fail = (message: string): void => finish({ kind: 'failed', message });
    const worker = spawn((reply) => finish(reply as Hdf5Reply), fail);
    const timer = setTimeout(() => fail(`${subject} took longer than ${deadline} ms`), deadline);
    worker.post(job);
  });
}

interface SpawnedWorker {
  post(job: Hdf5Job): void;
  stop(): void;
}

interface WebWorker {
  postMessage(value: unknown): void;
  terminate(): void;
  onmessage: ((event: { data: unknown }) => void) | null;
  onerror: ((event: { message?: string }) => void) | null;
}

declare const URL: new (path: string, base: string) => object;
declare const Worker: new (url: object, options: { type: 'module' }) => WebWorker;
declare function setTimeout(callback: () => void, milliseconds: number): unknown;
declare function clearTimeout(timer: unknown): void;

function spawn(onReply: (reply: unknown) => void, onFailure: (message: string) => void): SpawnedWorker {
  const threads = nodeBuiltin('node:worker_threads');
  if (threads !== undefined) {
    const worker: NodeWorker = new threads.Worker(new URL('./hdf5-worker.js', (import.meta as { url?: string }).url!), {
      stderr: true,
      stdout: true,
      resourceLimits: { maxOldGenerationSizeMb: 4096 },
    });
    worker.on('message', onReply);
    worker.on('error', (error) => onFailure(error.message));
    worker.on('exit', (code) => onFailure(`the HDF5 worker stopped with code ${code}`));
    return { post: (job) => worker.postMessage(job), stop: () => void worker.terminate() };
  }
  const worker = new Worker(new URL('./hdf5-worker.js', (import.meta as { url?: string }).url!), { type: 'module' });
  worker.onmessage = (event) => onReply(event.data);
  worker.onerror = (event) => onFailure(event.message ?? 'the HDF5 worker failed to start');
  return { post: (job) => worker.postMessage(job), stop: () => worker.terminate() };
}
