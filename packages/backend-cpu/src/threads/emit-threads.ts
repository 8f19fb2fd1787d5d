/**
 * The part of a module that shares its steps among threads. The calling thread publishes a step as a number of chunks;
 * whoever is awake claims chunks until none are left; the calling thread goes on when all are done. Nobody waits for a
 * worker to arrive, so a sleeping, slow or dead one costs nothing but its share of the work.
 */

import type { FunctionIndex, FunctionWriter, Local } from '../wasm/function-writer.js';
import * as memoryOp from '../wasm/late-memory-op.js';
import * as op from '../wasm/late-op.js';
import type { ModuleWriter } from '../wasm/module-writer.js';
import { control, controlAddress, runStatus } from './control.js';

export interface ThreadCode {
  /** parallel(job, items, chunkItems) → status; for the calling thread. */
  readonly parallel: FunctionIndex;
  /** work(generation, thread): helps until the run is over; for workers. */
  readonly work: FunctionIndex;
}

export interface ThreadOptions {
  /** Runs items of a job: (job, start, end, thread). */
  readonly runJob: FunctionIndex;
  /** How long the calling thread waits for a chunk before it gives the worker up. */
  readonly deadlineMilliseconds: number;
}

const spins = 150_000;
const workerSpins = 20_000;

const at = (field: keyof typeof control): number => controlAddress + control[field];

function load(f: FunctionWriter, field: keyof typeof control): void {
  f.i32(at(field));
  f.memory(memoryOp.i32AtomicLoad);
}

function store(f: FunctionWriter, field: keyof typeof control, push: () => void): void {
  f.i32(at(field));
  push();
  f.memory(memoryOp.i32AtomicStore);
}

export function emitThreadCode(module: ModuleWriter, options: ThreadOptions): ThreadCode {
  const claim = emitClaim(module, options.runJob);
  const sleep = emitSleep(module);
  const join = emitJoin(module, sleep, options.deadlineMilliseconds);
  return { parallel: emitParallel(module, options.runJob, claim, join), work: emitWork(module, claim, sleep) };
}

/**
 * sleep(address, value, nanoseconds) → as memory.atomic.wait32, which has a function of its own because the baseline
 * compiler of V8 11.3 (Node 20) loses the locals of a loop around it.
 */
function emitSleep(module: ModuleWriter): FunctionIndex {
  const f = module.function('sleep', ['i32', 'i32', 'i64'], ['i32']);
  for (const parameter of [0, 1, 2]) f.get(parameter);
  f.memory(memoryOp.atomicWait32);
  return f.index;
}

/** claim(ticket, thread) → 1 when the ticket's chunk was still free and is now done. */
function emitClaim(module: ModuleWriter, runJob: FunctionIndex): FunctionIndex {
  const f = module.function('claim', ['i64', 'i32'], ['i32']);
  const [ticket, thread, start, end] = [0, 1, f.local('i32'), f.local('i32')];
  f.i32(at('ticket'));
  f.get(ticket);
  f.get(ticket);
  f.i64(1n);
  f.op(op.i64Add);
  f.memory(memoryOp.i64AtomicCompareExchange);
  f.get(ticket);
  f.op(op.i64Ne);
  f.if();
  f.i32(0);
  f.op(op.return);
  f.end();
  // The chunk is ours: the step cannot end, and its description cannot change, before we say that it is done.
  load(f, 'job');
  f.get(ticket);
  f.op(op.i32WrapI64);
  load(f, 'chunkItems');
  f.op(op.i32Mul);
  f.tee(start);
  pushEnd(f, start, end);
  f.get(thread);
  f.call(runJob);
  f.i32(at('done'));
  f.i32(1);
  f.memory(memoryOp.i32AtomicAdd);
  f.drop();
  load(f, 'waiting');
  f.if();
  f.i32(at('done'));
  f.i32(1);
  f.memory(memoryOp.atomicNotify);
  f.drop();
  f.end();
  f.i32(1);
  return f.index;
}

/** Pushes min(start + chunk items, items). */
function pushEnd(f: FunctionWriter, start: Local, end: Local): void {
  f.get(start);
  load(f, 'chunkItems');
  f.op(op.i32Add);
  f.tee(end);
  load(f, 'items');
  f.get(end);
  load(f, 'items');
  f.op(op.i32LtU);
  f.op(op.select);
}

/** Pushes the ticket into `ticket`, and whether it still has a chunk. */
function pushHasChunk(f: FunctionWriter, ticket: Local): void {
  f.i32(at('ticket'));
  f.memory(memoryOp.i64AtomicLoad);
  f.tee(ticket);
  f.op(op.i32WrapI64);
  load(f, 'chunks');
  f.op(op.i32LtU);
}

function emitParallel(
  module: ModuleWriter,
  runJob: FunctionIndex,
  claim: FunctionIndex,
  join: FunctionIndex,
): FunctionIndex {
  const f = module.function('parallel', ['i32', 'i32', 'i32'], ['i32']);
  const [job, items, chunkItems, ticket] = [0, 1, 2, f.local('i64')];
  load(f, 'active');
  f.op(op.i32Eqz);
  f.if();
  f.get(job);
  f.i32(0);
  f.get(items);
  f.i32(0);
  f.call(runJob);
  f.i32(runStatus.ok);
  f.op(op.return);
  f.end();
  // No ticket is valid while the description changes: the old epoch's chunks are all taken.
  store(f, 'job', () => f.get(job));
  store(f, 'items', () => f.get(items));
  store(f, 'chunkItems', () => f.get(chunkItems));
  store(f, 'done', () => f.i32(0));
  const epoch = f.local('i32');
  load(f, 'epoch');
  f.i32(1);
  f.op(op.i32Add);
  f.set(epoch);
  store(f, 'epoch', () => f.get(epoch));
  f.i32(at('ticket'));
  f.get(epoch);
  f.op(op.i64ExtendI32U);
  f.i64(32n);
  f.op(op.i64Shl);
  f.memory(memoryOp.i64AtomicStore);
  store(f, 'chunks', () => {
    f.get(items);
    f.get(chunkItems);
    f.op(op.i32Add);
    f.i32(1);
    f.op(op.i32Sub);
    f.get(chunkItems);
    f.op(op.i32DivU);
  });
  f.block();
  f.loop();
  pushHasChunk(f, ticket);
  f.op(op.i32Eqz);
  f.branchIf(1);
  f.get(ticket);
  f.i32(0);
  f.call(claim);
  f.drop();
  f.branch(0);
  f.end();
  f.end();
  f.call(join);
  // Closes the step to late workers before the next one is described.
  store(f, 'chunks', () => f.i32(0));
  return f.index;
}

/** Waits until all chunks are done: spins, then sleeps a millisecond at a time until the deadline. */
function emitJoin(module: ModuleWriter, sleep: FunctionIndex, deadlineMilliseconds: number): FunctionIndex {
  const f = module.function('join', [], ['i32']);
  const [count, done, waited] = [f.local('i32'), f.local('i32'), f.local('i32')];
  f.loop();
  load(f, 'done');
  f.tee(done);
  load(f, 'chunks');
  f.op(op.i32Eq);
  f.if();
  store(f, 'waiting', () => f.i32(0));
  f.i32(runStatus.ok);
  f.op(op.return);
  f.end();
  load(f, 'fault');
  f.if();
  f.i32(runStatus.workerFault);
  f.op(op.return);
  f.end();
  f.increment(count, 1);
  f.get(count);
  f.i32(spins);
  f.op(op.i32LtU);
  f.branchIf(0);
  store(f, 'waiting', () => f.i32(1));
  f.i32(at('done'));
  f.get(done);
  f.i64(1_000_000n);
  f.call(sleep);
  f.i32(2);
  f.op(op.i32Eq);
  f.if();
  f.increment(waited, 1);
  f.else();
  f.i32(0);
  f.set(waited);
  f.end();
  f.get(waited);
  f.i32(deadlineMilliseconds);
  f.op(op.i32LtU);
  f.branchIf(0);
  f.end();
  f.i32(runStatus.deadline);
  return f.index;
}

function emitWork(module: ModuleWriter, claim: FunctionIndex, sleep: FunctionIndex): FunctionIndex {
  const f = module.function('work', ['i32', 'i32'], []);
  const [generation, thread, ticket, idle] = [0, 1, f.local('i64'), f.local('i32')];
  f.loop();
  load(f, 'active');
  f.get(generation);
  f.op(op.i32Ne);
  f.if();
  f.op(op.return);
  f.end();
  pushHasChunk(f, ticket);
  f.if();
  f.i32(0);
  f.set(idle);
  f.get(ticket);
  f.get(thread);
  f.call(claim);
  f.drop();
  f.else();
  f.increment(idle, 1);
  f.get(idle);
  f.i32(workerSpins);
  f.op(op.i32GeU);
  f.if();
  // Long work on the calling thread alone: look up now and then instead of burning a core.
  f.i32(at('started'));
  f.i32(-1);
  f.i64(200_000n);
  f.call(sleep);
  f.drop();
  f.end();
  f.end();
  f.branch(0);
  f.end();
  return f.index;
}
