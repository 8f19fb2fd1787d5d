/**
 * HDF5 files to and from memory, through h5wasm in a worker of its own. A damaged file can abort the library, loop or
 * ask for any amount of memory: the worker has a memory cap and a deadline, and whatever happens in it comes back as one
 * typed error. Where no worker starts (bundlers that make no script of it, pages that forbid it) the library runs in the
 * calling thread, without a deadline.
 */

import { CeratopsError, loadPart } from '@ceratops/kernel-registry';
import { nodeBuiltin } from '../../platform/node.js';
import type { Hdf5Content, Hdf5Job, Hdf5Reply, Hdf5WorkerMessage } from './content.js';

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
  if (reply.kind === 'unavailable')
    return new CeratopsError('UNSUPPORTED', `${problem}: the HDF5 library does not start (${reply.message})`, {
      subject,
      remedy: "it is WebAssembly: a Content-Security-Policy must allow 'wasm-unsafe-eval'",
    });
  const detail = reply.kind === 'failed' ? reply.message : `an answer of kind ${reply.kind}`;
  return new CeratopsError('MALFORMED_INPUT', `${problem}: ${detail}`, { subject });
}

async function run(job: Hdf5Job, subject: string, { deadline = defaultDeadline }: Hdf5Limits): Promise<Hdf5Reply> {
  return (await runInWorker(job, subject, deadline)) ?? (await runHere(job));
}

/** Undefined where no worker starts. */
function runInWorker(job: Hdf5Job, subject: string, deadline: number): Promise<Hdf5Reply | undefined> {
  return new Promise((resolve) => {
    let started = false;
    let worker: SpawnedWorker | undefined;
    let settled = false;
    const finish = (reply: Hdf5Reply | undefined): void => {
      // Deno tells of the end of a worker while it is being stopped.
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      worker?.stop();
      resolve(reply);
    };
    const timer = setTimeout(
      () => finish({ kind: 'failed', message: `${subject} took longer than ${deadline} ms` }),
      deadline,
    );
    const listen = (message: Hdf5WorkerMessage): void => {
      if (message.kind === 'started') started = true;
      else finish(message);
    };
    const fail = (message: string): void => finish(started ? { kind: 'failed', message } : undefined);
    try {
      worker = spawn(listen, fail);
      worker.post(job);
    } catch {
      finish(undefined);
    }
  });
}

async function runHere(job: Hdf5Job): Promise<Hdf5Reply> {
  const { answer } = await loadPart(() => import('./hdf5-here.js'));
  return answer(job);
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

/** @throws whatever the host throws where it makes no worker of this script. */
function spawn(onMessage: (message: Hdf5WorkerMessage) => void, onFailure: (message: string) => void): SpawnedWorker {
  const threads = nodeBuiltin('node:worker_threads');
  if (threads !== undefined) {
    const worker = new threads.Worker(new URL('./hdf5-worker.js', (import.meta as { url?: string }).url!), {
      stderr: true,
      stdout: true,
      resourceLimits: { maxOldGenerationSizeMb: 4096 },
    });
    worker.on('message', (message) => onMessage(message as Hdf5WorkerMessage));
    worker.on('error', (error) => onFailure(error.message));
    worker.on('exit', (code) => onFailure(`the HDF5 worker stopped with code ${code}`));
    return { post: (job) => worker.postMessage(job), stop: () => void worker.terminate() };
  }
  const worker = new Worker(new URL('./hdf5-worker.js', (import.meta as { url?: string }).url!), { type: 'module' });
  worker.onmessage = ({ data }) => onMessage(data as Hdf5WorkerMessage);
  worker.onerror = ({ message }) => onFailure(message ?? 'the HDF5 worker failed');
  return { post: (job) => worker.postMessage(job), stop: () => worker.terminate() };
}
