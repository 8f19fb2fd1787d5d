/** Plan → WebAssembly module: kernels, the driver that runs the steps, and the jobs that threads share. */

import type { CopyStep, LoopKernel, Plan, Step } from '@ceratops/compiler';
import { equalAttributes, type HostArray, hashData } from '@ceratops/kernel-registry';
import type { Engine } from '../engine.js';
import type { EmittedKernel } from '../kernels/kernel.js';
import { LibraryEmitter } from '../kernels/library.js';
import { alignment } from '../memory/allocator.js';
import { maximumPages } from '../memory/linear-memory.js';
import type { Timer, Trace } from '../profile/trace.js';
import { Helpers } from '../render/helpers.js';
import { emitLoopKernel } from '../render/kernel.js';
import type { EmitCall, SharedSteps } from '../threads/shared-steps.js';
import type { FunctionWriter } from '../wasm/function-writer.js';
import { ModuleWriter } from '../wasm/module-writer.js';
import * as op from '../wasm/op.js';
import { ownSlot, type Place, placesOf, pushPlace, type TableLayout, tableBytes } from './addresses.js';
import type { ControlTarget } from './control.js';

export interface LinkOptions {
  readonly engine: Engine;
  /** Told of every step and kernel. */
  readonly trace: Trace | undefined;
}

/** Bytes that lie at `offset` behind the address table for as long as the program lives. */
export interface Constant {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/** All that running takes, beside the program itself. */
export interface LinkedProgram {
  readonly code: Uint8Array<ArrayBuffer>;
  readonly constants: readonly Constant[];
  /** The address table and the constants behind it. */
  readonly residentBytes: number;
  readonly arenaBytes: number;
  readonly aliases: Plan['aliases'];
  /** Memory for one step at a time, where the plan has none for it. */
  readonly workspaceBytes: number;
  /** Memory of each thread. */
  readonly scratchBytes: number;
  /** Scalar operations of one run that threads can share, loops of unknown length counted as a few rounds. */
  readonly sharedCost: number;
}

export function linkProgram(plan: Plan, options: LinkOptions): LinkedProgram {
  const linker = new Linker(plan, options);
  return linker.link(plan);
}

interface LinkedKernel {
  readonly source: LoopKernel;
  readonly emitted: EmittedKernel;
}

class Linker {
  readonly #options: LinkOptions;
  readonly #module: ModuleWriter = new ModuleWriter();
  readonly #helpers: Helpers;
  readonly #library: LibraryEmitter;
  readonly #layout: TableLayout;
  /** By hash: a long program has the same few kernels again and again, or many that hardly differ. */
  readonly #kernels: Map<number, LinkedKernel[]> = new Map();
  readonly #constants: Map<HostArray, Constant> = new Map();
  #residentBytes: number;
  /** Undefined where there is but one thread. */
  readonly #shared: SharedSteps | undefined;
  #workspaceBytes = 0;
  #scratchBytes = 0;
  #rounds = 1;

  constructor(plan: Plan, options: LinkOptions) {
    this.#options = options;
    this.#layout = { inputs: plan.inputs.length, outputs: plan.outputs.length };
    this.#residentBytes = tableBytes(this.#layout);
    const { pool, tuning, late } = options.engine;
    const shared = pool !== undefined;
    this.#module.importMemory('env', 'memory', { initialPages: 1, maximumPages, shared });
    this.#module.importGlobal('env', 'table');
    options.trace?.attach(this.#module);
    this.#helpers = new Helpers(this.#module, tuning.relaxed, late?.hostFunctionsOf(plan) ?? ['power'], late);
    this.#library = new LibraryEmitter(this.#module, tuning, late);
    this.#shared = shared ? new late!.threads.SharedSteps(this.#module, pool) : undefined;
  }

  link(plan: Plan): LinkedProgram {
    const run = this.#module.function('run', [], ['i32']);
    const constant = (buffer: number): number => this.#constant(plan, buffer);
    this.#steps(run, plan, placesOf(plan, this.#layout, constant));
    run.i32(0);
    this.#module.export('run', run.index);
    this.#shared?.finish();
    return {
      code: this.#module.finish(this.#options.engine.late?.writeNames),
      constants: [...this.#constants.values()],
      residentBytes: this.#residentBytes,
      arenaBytes: plan.arenaBytes,
      aliases: plan.aliases,
      workspaceBytes: this.#workspaceBytes,
      scratchBytes: this.#scratchBytes,
      sharedCost: this.#shared?.cost ?? 0,
    };
  }

  #constant(plan: Plan, buffer: number): number {
    const { place } = plan.buffers[buffer]!;
    if (place.kind !== 'constant') throw new Error('not a constant');
    const { data } = place;
    let constant = this.#constants.get(data);
    if (constant === undefined) {
      const offset = Math.ceil(this.#residentBytes / alignment) * alignment;
      const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
      this.#constants.set(data, (constant = { offset, bytes }));
      this.#residentBytes = offset + bytes.length;
    }
    return constant.offset;
  }

  #steps(f: FunctionWriter, plan: Plan, places: readonly Place[]): void {
    let piece = f;
    for (const step of plan.steps) {
      if (piece.code.length > this.#options.engine.pieceBytes)
        piece = this.#helpers.late.continueSteps(this.#module, f, piece, this.#shared);
      this.#options.trace?.step(plan, step);
      this.#step(piece, step, places);
    }
    if (piece !== f) piece.i32(0);
  }

  #step(f: FunctionWriter, step: Step, places: readonly Place[]): void {
    switch (step.kind) {
      case 'kernel':
        if (step.kernel.items > 0) this.#call(f, this.#loopKernel(step.kernel), this.#at(places, step.buffers));
        return;
      case 'library':
        this.#libraryStep(f, step, places);
        return;
      case 'rows': {
        const rows = this.#helpers.late.emitRows(this.#library, step, (kernel) => this.#loopKernel(kernel));
        this.#call(f, rows, this.#at(places, rows.buffers));
        return;
      }
      case 'copy':
        this.#copy(f, step, places);
        return;
      default:
        this.#helpers.late.emitControl(this.#controlTarget(f, places), step);
    }
  }

  #controlTarget(f: FunctionWriter, places: readonly Place[]): ControlTarget {
    return {
      ...{ f, places },
      constantsOf: (plan) => (buffer) => this.#constant(plan, buffer),
      steps: (plan, inner, rounds) => {
        this.#rounds *= rounds;
        this.#steps(f, plan, inner);
        this.#rounds /= rounds;
      },
      copy: (step) => this.#copy(f, step, places),
    };
  }

  #loopKernel(source: LoopKernel): EmittedKernel {
    const hash = hashData(source);
    let alike = this.#kernels.get(hash);
    if (alike === undefined) this.#kernels.set(hash, (alike = []));
    let kernel = alike.find((known) => equalAttributes(known.source, source));
    if (kernel === undefined) alike.push((kernel = { source, emitted: emitLoopKernel(this.#helpers, source) }));
    return kernel.emitted;
  }

  #at(places: readonly Place[], buffers: readonly number[]): Place[] {
    return buffers.map((buffer) => places[buffer]!);
  }

  #libraryStep(
    f: FunctionWriter,
    { instruction, operandTypes, operands, results, workspace, epilogue }: Extract<Step, { kind: 'library' }>,
    places: readonly Place[],
  ): void {
    const code = this.#library.emit(instruction, operandTypes);
    let own = places[workspace!];
    if (own === undefined) {
      own = { slot: ownSlot(this.#layout, 'workspace'), offset: 0 };
      this.#workspaceBytes = Math.max(this.#workspaceBytes, code.workspaceBytes);
    }
    const { slot, offset } = own;
    const loops = epilogue && this.#loopKernel(epilogue.kernel);
    const joined = loops && this.#helpers.late.emitWithEpilogue(this.#module, code, loops, epilogue);
    this.#options.trace?.library(code, joined);
    const after = epilogue ? this.#at(places, epilogue.buffers) : [];
    code.calls.forEach(({ kernel, buffers }, i) => {
      const at = buffers.map((buffer): Place => {
        if (buffer.kind === 'workspace') return { slot, offset: offset + buffer.offset };
        return places[(buffer.kind === 'operand' ? operands : results)[buffer.index]!]!;
      });
      if (joined && i === code.calls.length - 1) this.#call(f, joined, [...at, ...after]);
      else this.#call(f, kernel, at);
    });
    if (loops && !joined) this.#call(f, loops, after);
  }

  #copy(f: FunctionWriter, step: CopyStep, places: readonly Place[]): void {
    const { from, to, bytes } = step;
    const [source, target] = [places[from]!, places[to]!];
    if (bytes === 0 || (source.slot === target.slot && source.offset === target.offset)) return;
    const timer = this.#options.trace?.copy(step);
    timer?.begin(f);
    pushPlace(f, target);
    pushPlace(f, source);
    f.i32(bytes);
    f.memoryCopy();
    timer?.end(f, () => f.i32(0));
  }

  /** Runs a kernel over all its items, by all threads where that pays. */
  #call(f: FunctionWriter, kernel: EmittedKernel, places: readonly Place[]): void {
    this.#scratchBytes = Math.max(this.#scratchBytes, kernel.scratchBytes);
    const timer = this.#options.trace?.call(kernel);
    const emit: EmitCall = (g, thread) => this.#invoke(g, kernel, places, thread, timer);
    if (this.#shared?.call(f, kernel, this.#rounds, emit)) return;
    f.i32(0);
    f.i32(kernel.items);
    emit(f, () => f.i32(0));
  }

  /** The call of a kernel whose first and last item are on the stack, in the scratch memory of a thread. */
  #invoke(
    f: FunctionWriter,
    kernel: EmittedKernel,
    places: readonly Place[],
    thread: () => void,
    timer: Timer | undefined,
  ): void {
    timer?.begin(f);
    pushPlace(f, { slot: ownSlot(this.#layout, 'scratch'), offset: 0 });
    thread();
    pushPlace(f, { slot: ownSlot(this.#layout, 'scratchStride'), offset: 0 });
    f.op(op.i32Mul);
    f.op(op.i32Add);
    for (const place of places) pushPlace(f, place);
    f.call(kernel.function);
    timer?.end(f, thread);
  }
}
