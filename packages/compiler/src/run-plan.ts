/** Runs plans in plain JavaScript over host arrays: the compiler's own test bed, and a backend of last resort. */

import { CeratopsError, dtypes, type HostArray, type TensorType } from '@ceratops/kernel-registry';
import type { LoopKernel } from './loop-ir.js';
import { interpretKernel, type KernelFunction } from './loop-ir-interpreter.js';
import type {
  CopyStep,
  Epilogue,
  KernelStep,
  LibraryStep,
  Plan,
  PlanBuffer,
  PlanCall,
  RowsStep,
  Step,
} from './plan.js';

export interface RunOptions {
  /** Runs library steps; without it they are an error. */
  readonly library?: ((step: LibraryStep, operands: readonly HostArray[]) => readonly HostArray[]) | undefined;
  /** Whether outputs take over the inputs that the plan pairs them with, which are then overwritten. Default false. */
  readonly alias?: boolean | undefined;
  /** Number of runs of items that every kernel is cut into, last run first: as threads might do it. Default 1. */
  readonly runs?: number | undefined;
}

/** The bytes of a buffer. */
type Memory = Uint8Array;

/**
 * @param inputs dense host arrays, one per program input, with their types.
 * @returns fresh host arrays of the outputs.
 */
export function runPlan(
  plan: Plan,
  inputs: readonly HostArray[],
  outputTypes: readonly TensorType[],
  options: RunOptions = {},
): HostArray[] {
  const runner = new PlanRunner(options);
  const inputMemories = inputs.map((array) => bytesOf(array).slice());
  const outputMemories = plan.outputs.map((index, output) => {
    const pair = options.alias ? plan.aliases.find((alias) => alias.output === output) : undefined;
    return pair === undefined ? newMemory(plan.buffers[index]!.bytes) : inputMemories[pair.input]!;
  });
  runner.run(plan, inputMemories, outputMemories, newMemory(plan.arenaBytes));
  return outputMemories.map((memory, output) => hostView(memory, outputTypes[output]!.dtype));
}

/** New memory is full of garbage, as an arena is. */
function newMemory(bytes: number): Memory {
  return new Uint8Array(bytes).fill(0xa5);
}

function bytesOf(array: HostArray): Memory {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

function hostView(memory: Memory, dtype: TensorType['dtype']): HostArray {
  const { host } = dtypes[dtype];
  return new host(memory.buffer, memory.byteOffset, memory.byteLength / host.BYTES_PER_ELEMENT);
}

function memoryOf(
  { place, bytes }: PlanBuffer,
  inputs: readonly Memory[],
  outputs: readonly Memory[],
  arena: Memory,
): Memory {
  switch (place.kind) {
    case 'input':
      return inputs[place.index]!;
    case 'output':
      return outputs[place.index]!;
    case 'constant':
      return bytesOf(place.data);
    case 'temporary':
      return arena.subarray(place.offset, place.offset + bytes);
  }
}

class PlanRunner {
  readonly #options: RunOptions;
  readonly #kernels = new Map<LoopKernel, KernelFunction>();

  constructor(options: RunOptions) {
    this.#options = options;
  }

  run(plan: Plan, inputs: readonly Memory[], outputs: readonly Memory[], arena: Memory): void {
    const memories = plan.buffers.map((buffer) => memoryOf(buffer, inputs, outputs, arena));
    for (const step of plan.steps) this.#step(step, memories);
  }

  #step(step: Step, memories: readonly Memory[]): void {
    switch (step.kind) {
      case 'kernel':
        this.#kernel(step, memories);
        return;
      case 'library':
        this.#library(step, memories);
        return;
      case 'rows':
        this.#rows(step, memories);
        return;
      case 'copy':
        copy(step, memories);
        return;
      case 'while':
        for (;;) {
          this.#call(step.condition, memories);
          if (memories[step.predicate]![0] === 0) return;
          this.#call(step.body, memories);
          for (const move of step.copies) copy(move, memories);
        }
      case 'case': {
        const [number] = hostView(memories[step.selector]!, 'int32') as Int32Array;
        const last = step.branches.length - 1;
        this.#call(step.branches[number! >= 0 && number! <= last ? number! : last]!, memories);
        return;
      }
    }
  }

  #kernel({ kernel, buffers }: KernelStep | Epilogue, memories: readonly Memory[]): void {
    const run = this.#bound(
      kernel,
      buffers.map((buffer) => memories[buffer]!),
    );
    this.#inParts(kernel.items, run);
  }

  #bound(kernel: LoopKernel, memories: readonly Memory[]): (start: number, end: number) => void {
    let run = this.#kernels.get(kernel);
    if (run === undefined) this.#kernels.set(kernel, (run = interpretKernel(kernel)));
    const arrays = memories.map((memory, i) => hostView(memory, kernel.parameters[i]!.dtype));
    return (start, end) => run(arrays, start, end);
  }

  #inParts(items: number, run: (start: number, end: number) => void): void {
    const runs = Math.min(this.#options.runs ?? 1, items);
    for (let part = runs - 1; part >= 0; part--) {
      run(Math.floor((items * part) / runs), Math.floor((items * (part + 1)) / runs));
    }
  }

  #rows({ kernels, locals }: RowsStep, memories: readonly Memory[]): void {
    const { items } = kernels[0]!.kernel;
    const own = locals.map((bytes) => newMemory(bytes * items));
    const bound = kernels.map(({ kernel, buffers }) =>
      this.#bound(
        kernel,
        buffers.map((buffer) => (typeof buffer === 'number' ? memories[buffer]! : own[buffer.local]!)),
      ),
    );
    this.#inParts(items, (start, end) => {
      for (const run of bound) run(start, end);
    });
  }

  #library(step: LibraryStep, memories: readonly Memory[]): void {
    const { library } = this.#options;
    if (library === undefined) {
      throw new CeratopsError('UNSUPPORTED', 'library step without a library', { subject: step.instruction.op });
    }
    const operands = step.operands.map((buffer, i) => hostView(memories[buffer]!, step.operandTypes[i]!.dtype).slice());
    library(step, operands).forEach((result, i) => {
      memories[step.results[i]!]!.set(bytesOf(result));
    });
    if (step.epilogue !== undefined) this.#kernel(step.epilogue, memories);
  }

  #call({ plan, inputs, outputs, arena }: PlanCall, memories: readonly Memory[]): void {
    const memoryOf = (buffer: number): Memory => memories[buffer]!;
    this.run(plan, inputs.map(memoryOf), outputs.map(memoryOf), memoryOf(arena));
  }
}

function copy({ from, to, bytes }: CopyStep, memories: readonly Memory[]): void {
  memories[to]!.set(memories[from]!.subarray(0, bytes));
}
