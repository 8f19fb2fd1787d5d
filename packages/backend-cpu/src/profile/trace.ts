/** Watches a program being linked: what its steps are, and, for a profile, code around every kernel that keeps its time. */

import type { CopyStep, LibraryStep, Plan, Step } from '@ceratops/compiler';
import { describe } from '../kernels/description.js';
import type { EmittedKernel, KernelCode } from '../kernels/kernel.js';
import { control, controlAddress } from '../threads/control.js';
import type { FunctionIndex, FunctionWriter, Local } from '../wasm/function-writer.js';
import * as memoryOp from '../wasm/late-memory-op.js';
import * as op from '../wasm/late-op.js';
import type { ModuleWriter } from '../wasm/module-writer.js';
import { logHeader, record } from './log.js';
import { copyWork, epilogueWork, noWork, sumOf, type Work, workOf } from './work.js';

/** Code before and after one call of a kernel. */
export interface Timer {
  /** The kernel's first and last item are on the stack, and stay there. */
  begin(f: FunctionWriter): void;
  end(f: FunctionWriter, thread: () => void): void;
}

export interface TracedStep {
  readonly step: Step;
  /** How many loops and branches it stands in. */
  readonly depth: number;
  work: Work;
  /** What the library says about it. */
  description: string | undefined;
  /** Milliseconds of all profiled runs, and how many there were. */
  time: number;
  runs: number;
}

/** One kernel of a step. */
export interface TracedCall {
  readonly step: TracedStep;
  readonly name: string;
  readonly items: number;
  /** Its part of the step's work. */
  readonly work: Work;
  /** The step is over with it. */
  readonly isLast: boolean;
}

export class Trace {
  readonly steps: TracedStep[] = [];
  readonly calls: TracedCall[] = [];
  /** Different loops; steps that do the same share one. */
  readonly loops: Set<FunctionIndex> = new Set();
  readonly #timing: boolean;
  readonly #depths: Map<Plan, number> = new Map();
  #module: ModuleWriter | undefined;
  #now: FunctionIndex | undefined;
  #record: FunctionIndex | undefined;
  /** Calls of the current step that are still to come, with their parts of its work. */
  #parts: Work[] = [];

  /** @param timing whether its code keeps time; without, it only lists the steps. */
  constructor(timing: boolean) {
    this.#timing = timing;
  }

  /** Before the module has functions. */
  attach(module: ModuleWriter): void {
    this.#module = module;
    if (this.#timing) this.#now = module.importFunction('profile', 'now', [], ['f64']);
  }

  /** A step begins; the calls that follow are its own. */
  step(plan: Plan, step: Step): void {
    const depth = this.#depths.get(plan) ?? 0;
    const nested = step.kind === 'while' ? [step.condition, step.body] : step.kind === 'case' ? step.branches : [];
    for (const call of nested) this.#depths.set(call.plan, depth + 1);
    this.#add(step, workOf(plan, step), depth);
  }

  #add(step: Step, work: Work, depth: number): void {
    this.steps.push({ step, depth, work, description: undefined, time: 0, runs: 0 });
    this.#parts = [work];
  }

  /** The code of a library step, before its calls. */
  library(code: KernelCode, joined: EmittedKernel | undefined): void {
    const traced = this.steps.at(-1)!;
    const { epilogue, results } = traced.step as LibraryStep;
    traced.description = describe(code.description);
    this.#parts = partsOf(code, traced.work);
    if (epilogue === undefined) return;
    const more = epilogueWork(epilogue, results);
    traced.work = sumOf(traced.work, more);
    traced.description += `, then ${epilogue.kernel.name}${joined === undefined ? '' : ' on the rows of each item'}`;
    this.#parts.push(joined === undefined ? more : sumOf(this.#parts.pop()!, more));
  }

  call(kernel: EmittedKernel): Timer | undefined {
    const { kind } = this.steps.at(-1)!.step;
    if (kind === 'kernel' || kind === 'rows') this.loops.add(kernel.function);
    return this.#timer(() => this.#nameOf(kernel.function), kernel.items);
  }

  /** A copy is a step of its own, or what a loop does with its carries between two rounds. */
  copy(step: CopyStep): Timer | undefined {
    const last = this.steps.at(-1)!;
    if (last.step !== step) this.#add(step, copyWork(step), last.depth);
    return this.#timer(() => 'copy', undefined);
  }

  #timer(name: () => string, items: number | undefined): Timer | undefined {
    if (this.#now === undefined) return undefined;
    const work = this.#parts.shift()!;
    const number = this.calls.length;
    const isLast = this.#parts.length === 0;
    this.calls.push({ step: this.steps.at(-1)!, name: name(), items: items ?? 1, work, isLast });
    this.#record ??= this.#emitRecord(this.#now);
    return new CallTimer(number, this.#now, this.#record, items !== undefined);
  }

  #nameOf(index: FunctionIndex): string {
    return this.#module!.functions.find(({ writer }) => writer.index === index)!.name;
  }

  /** record(call, thread, items, start) */
  #emitRecord(now: FunctionIndex): FunctionIndex {
    const f = this.#module!.function('record', ['i32', 'i32', 'i32', 'f64'], []);
    const [call, thread, items, start, at] = [0, 1, 2, 3, f.local('i32')];
    const log = (): void => {
      f.i32(controlAddress + control.log);
      f.memory(memoryOp.i32Load);
    };
    log();
    f.i32(1);
    f.memory(memoryOp.i32AtomicAdd, logHeader.records);
    f.tee(at);
    log();
    f.memory(memoryOp.i32Load, logHeader.capacity);
    f.op(op.i32LtU);
    f.if();
    log();
    f.get(at);
    f.i32(record.byteLength);
    f.op(op.i32Mul);
    f.op(op.i32Add);
    f.set(at);
    const store = (offset: number, local: Local): void => {
      f.get(at);
      f.get(local);
      f.memory(memoryOp.i32Store, logHeader.byteLength + offset);
    };
    store(record.call, call);
    store(record.thread, thread);
    store(record.items, items);
    f.get(at);
    f.i32(controlAddress + control.epoch);
    f.memory(memoryOp.i32Load);
    f.memory(memoryOp.i32Store, logHeader.byteLength + record.epoch);
    f.get(at);
    f.get(start);
    f.memory(memoryOp.f64Store, logHeader.byteLength + record.start);
    f.get(at);
    f.call(now);
    f.memory(memoryOp.f64Store, logHeader.byteLength + record.end);
    f.end();
    return f.index;
  }
}

/** Kernels that write results share the work by their cost; the others only pack operands and make tables for them. */
function partsOf({ calls }: KernelCode, { ops, flops, bytes }: Work): Work[] {
  const costs = calls.map(({ kernel, buffers }) =>
    buffers.some(({ kind }) => kind === 'result') ? kernel.items * kernel.costPerItem : 0,
  );
  const total = costs.reduce((sum, cost) => sum + cost, 0);
  return costs.map((cost) => {
    if (cost === 0) return noWork;
    return { ops, flops: (flops * cost) / total, bytes: (bytes * cost) / total };
  });
}

class CallTimer implements Timer {
  readonly #call: number;
  readonly #now: FunctionIndex;
  readonly #record: FunctionIndex;
  readonly #hasItems: boolean;
  #items: Local | undefined;
  #start: Local | undefined;

  constructor(call: number, now: FunctionIndex, record: FunctionIndex, hasItems: boolean) {
    this.#call = call;
    this.#now = now;
    this.#record = record;
    this.#hasItems = hasItems;
  }

  begin(f: FunctionWriter): void {
    const items = (this.#items = f.local('i32'));
    this.#start = f.local('f64');
    if (this.#hasItems) {
      const first = f.local('i32');
      f.set(items);
      f.tee(first);
      f.get(items);
      f.get(items);
      f.get(first);
      f.op(op.i32Sub);
      f.release('i32', first);
    } else f.i32(1);
    f.set(items);
    f.call(this.#now);
    f.set(this.#start);
  }

  end(f: FunctionWriter, thread: () => void): void {
    f.i32(this.#call);
    thread();
    f.get(this.#items!);
    f.get(this.#start!);
    f.call(this.#record);
    f.release('i32', this.#items!);
    f.release('f64', this.#start!);
  }
}
