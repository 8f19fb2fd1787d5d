/** The steps of a module that threads share: one job each, which any thread can be given some items of. */

import type { EmittedKernel } from '../kernels/kernel.js';
import type { FunctionIndex, FunctionWriter } from '../wasm/function-writer.js';
import type { ModuleWriter } from '../wasm/module-writer.js';
import * as op from '../wasm/op.js';
import { emitThreadCode } from './emit-threads.js';
import type { ThreadPool } from './pool.js';

const chunksPerThread = 8;

/** Emits the call of a kernel whose first and last item are on the stack; `thread` pushes the number of the thread. */
export type EmitCall = (f: FunctionWriter, thread: () => void) => void;

export class SharedSteps {
  /** Scalar operations of one run that threads share. */
  cost = 0;
  readonly #pool: ThreadPool;
  readonly #jobs: EmitCall[] = [];
  /** job(index, start, end, thread) */
  readonly #runJob: FunctionWriter;
  readonly #parallel: FunctionIndex;

  constructor(module: ModuleWriter, pool: ThreadPool) {
    this.#pool = pool;
    this.#runJob = module.function('job', ['i32', 'i32', 'i32', 'i32'], []);
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
    const status = f.local('i32');
    f.tee(status);
    f.if();
    f.get(status);
    f.op(op.return);
    f.end();
    f.release('i32', status);
    return true;
  }

  /** Emits the jobs, when all are known. */
  finish(): void {
    const f = this.#runJob;
    const [index, start, end, thread] = [0, 1, 2, 3];
    if (this.#jobs.length === 0) return;
    for (const _ of this.#jobs) f.block();
    f.get(index);
    f.branchTable(
      this.#jobs.map((_, job) => job),
      this.#jobs.length - 1,
    );
    f.end();
    this.#jobs.forEach((emit, i) => {
      f.get(start);
      f.get(end);
      emit(f, () => f.get(thread));
      if (i === this.#jobs.length - 1) return;
      f.op(op.return);
      f.end();
    });
  }
}
