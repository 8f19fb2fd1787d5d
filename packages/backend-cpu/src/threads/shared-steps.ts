/** The steps of a module that threads share: one job each, which any thread can be given some items of. */

import type { EmittedKernel } from '../kernels/kernel.js';
import type { FunctionIndex, FunctionWriter } from '../wasm/function-writer.js';
import type { ModuleWriter } from '../wasm/module-writer.js';
import * as op from '../wasm/op.js';
import { emitThreadCode } from './emit-threads.js';
import type { ThreadPool } from './pool.js';

const chunksPerThread = 8;
/** Jobs that one function tells apart: V8 takes tables of 65,520, and time that grows with the square of their length. */
const jobsAtOnce = 256;
/** (index, start, end, thread) */
const jobParameters = ['i32', 'i32', 'i32', 'i32'] as const;

/** Emits the call of a kernel whose first and last item are on the stack; `thread` pushes the number of the thread. */
export type EmitCall = (f: FunctionWriter, thread: () => void) => void;

export class SharedSteps {
  /** Scalar operations of one run that threads share. */
  cost = 0;
  readonly #module: ModuleWriter;
  readonly #pool: ThreadPool;
  readonly #jobs: EmitCall[] = [];
  /** job(index, start, end, thread) */
  readonly #runJob: FunctionWriter;
  readonly #parallel: FunctionIndex;

  constructor(module: ModuleWriter, pool: ThreadPool) {
    this.#pool = pool;
    this.#module = module;
    this.#runJob = module.function('job', jobParameters, []);
    const { deadlineMilliseconds } = pool;
    const { parallel, work } = emitThreadCode(module, { runJob: this.#runJob.index, deadlineMilliseconds });
    this.#parallel = parallel;
    module.export('work', work);
  }

  /**
   * Emits the run of all items of a kernel by all threads; false, and nothing, where that does not pay.
   * @param rounds how often a run of the module comes here.
   */
  call(f: FunctionWriter, { items, costPerItem }: EmittedKernel, rounds: number, emit: EmitCall): boolean {
    const { size, costs } = this.#pool;
    const cost = items * costPerItem;
    if (items < 2 || cost < costs.step) return false;
    this.cost += cost * rounds;
    const chunk = Math.max(
      1,
      Math.ceil(costs.chunk / Math.max(1, costPerItem)),
      Math.floor(items / (size * chunksPerThread)),
    );
    f.i32(this.#jobs.length);
    f.i32(items);
    f.i32(chunk);
    this.#jobs.push(emit);
    f.call(this.#parallel);
    this.returnFailure(f);
    return true;
  }

  /** Takes a status from the stack, and returns it from the function unless it is 0. */
  returnFailure(f: FunctionWriter): void {
    const status = f.local('i32');
    f.tee(status);
    f.if();
    f.get(status);
    f.op(op.return);
    f.end();
    f.release('i32', status);
  }

  /** Emits the jobs, when all are known. */
  finish(): void {
    if (this.#jobs.length <= jobsAtOnce) {
      emitJobs(this.#runJob, this.#jobs);
      return;
    }
    const parts: FunctionWriter[] = [];
    for (let first = 0; first < this.#jobs.length; first += jobsAtOnce) {
      const part = this.#module.function('jobs', jobParameters, []);
      emitJobs(part, this.#jobs.slice(first, first + jobsAtOnce));
      parts.push(part);
    }
    emitChoice(
      this.#runJob,
      parts.map(({ index }) => (f) => {
        f.get(0);
        f.i32(jobsAtOnce);
        f.op(op.i32RemU);
        for (const parameter of [1, 2, 3]) f.get(parameter);
        f.call(index);
      }),
      () => {
        this.#runJob.get(0);
        this.#runJob.i32(jobsAtOnce);
        this.#runJob.op(op.i32DivU);
      },
    );
  }
}

function emitJobs(f: FunctionWriter, jobs: readonly EmitCall[]): void {
  const [index, start, end, thread] = [0, 1, 2, 3];
  const cases = jobs.map((emit) => () => {
    f.get(start);
    f.get(end);
    emit(f, () => f.get(thread));
  });
  emitChoice(f, cases, () => f.get(index));
}

/** Runs the case whose number `pushIndex` leaves on the stack. */
function emitChoice(f: FunctionWriter, cases: readonly ((f: FunctionWriter) => void)[], pushIndex: () => void): void {
  if (cases.length === 0) return;
  for (const _ of cases) f.block();
  pushIndex();
  f.branchTable(
    cases.map((_, number) => number),
    cases.length - 1,
  );
  f.end();
  cases.forEach((emit, number) => {
    emit(f);
    if (number === cases.length - 1) return;
    f.op(op.return);
    f.end();
  });
}
