import { compileProgram, floatBinaries, needed, type Plan, unaries } from '@ceratops/compiler';
import {
  byteSizeOf,
  CeratopsError,
  type Executable,
  type ExecuteCall,
  type OpQuery,
  outputTypes,
  type Program,
  type TensorType,
} from '@ceratops/kernel-registry';
import { type BufferRecord, type BufferTable, givenAway } from './buffers.js';
import type { Engine } from './engine.js';
import { kernelFor } from './kernels/library.js';
import { alignment } from './memory/allocator.js';
import { WebAssembly } from './platform/globals.js';
import type { Trace } from './profile/trace.js';
import { ownSlot, type TableLayout } from './program/addresses.js';
import { type LinkedProgram, linkProgram } from './program/link.js';
import { prepareProgram } from './program/prepare.js';
import { backendName } from './query.js';
import type { SharedCode } from './threads/pool.js';

/** What modules import; they know themselves where the host's power is not that of IEEE 754. */
const math = { ...unaries, ...floatBinaries, power: Math.pow };

const noneGiven: readonly boolean[] = [];

/** The plan's temporaries, then one step's workspace, then each thread's scratch. */
interface ArenaLayout {
  readonly workspace: number;
  readonly scratch: number;
  readonly scratchStride: number;
  readonly bytes: number;
}

/** Addresses of the outputs, or the reason why there are none. */
type RunResult =
  | { readonly addresses: readonly number[] }
  /** `spoiled`: it had begun, so what was given away may be half overwritten. */
  | { readonly error: unknown; readonly spoiled: boolean };

/** A plan as code: as it is, or as one that keeps its time. */
interface Code {
  readonly linked: LinkedProgram;
  readonly run: () => number;
  /** Address of its table. */
  readonly table: number;
  /** The same for workers, once they had a part in it. */
  shared: SharedCode | undefined;
  readonly trace: Trace | undefined;
}

export class CpuExecutable implements Executable {
  readonly program: Program;
  readonly temporaryBytes: number;
  readonly #engine: Engine;
  readonly #buffers: BufferTable;
  readonly #label: string;
  readonly #code: Code;
  /** Made for the first profile. */
  #profiled: Code | undefined;
  readonly #outputTypes: readonly TensorType[];
  /** Per input: the output that may take its place, if the plan agreed; whether the program declared any. */
  readonly #taking: readonly (number | undefined)[];
  readonly #layout: TableLayout;
  readonly #arena: ArenaLayout;
  readonly #outputBytes: readonly number[];
  readonly #owned: number[] = [];
  readonly #hasAliases: boolean;
  #released = false;

  constructor(program: Program, label: string, engine: Engine, buffers: BufferTable) {
    this.program = program;
    this.#label = label;
    this.#engine = engine;
    this.#buffers = buffers;
    this.#outputTypes = outputTypes(program);
    this.#outputBytes = this.#outputTypes.map(byteSizeOf);
    this.#hasAliases = program.inputs.some(({ aliases }) => aliases !== undefined);
    this.#layout = { inputs: program.inputs.length, outputs: program.outputs.length };
    try {
      const link = (): LinkedProgram => this.#link();
      const load = (linked: LinkedProgram): Code => this.#load(linked);
      this.#code = engine.planCache?.compile(program, engine, link, load) ?? load(link());
      engine.late?.dumpStage(label, this.#code.linked.code);
    } catch (error) {
      this.#freeOwned();
      throw error;
    }
    const { aliases } = this.#code.linked;
    this.#taking = program.inputs.map((_, input) => aliases.find((pair) => pair.input === input)?.output);
    this.#arena = this.#layOutArena();
    this.temporaryBytes = this.#arena.bytes;
  }

  #own(bytes: number, purpose: string): number {
    const address = this.#engine.allocate(bytes, purpose);
    this.#owned.push(address);
    return address;
  }

  /** Made anew for whoever asks: running does not need it, and it is large. */
  #plan(): Plan {
    const { late, inspect } = this.#engine;
    const library = (query: OpQuery): boolean => kernelFor(query, late) !== undefined;
    const target = { name: backendName, library, alignment, itemCost: 4096, late: undefined };
    const prepared = prepareProgram(this.program, late);
    return compileProgram(prepared, { ...target, ...late?.targetOf(this.#engine) }, { inspect });
  }

  #link(trace?: Trace): LinkedProgram {
    return linkProgram(this.#plan(), { engine: this.#engine, trace });
  }

  #load(linked: LinkedProgram, trace?: Trace): Code {
    const { memory, profiler } = this.#engine;
    const module = new WebAssembly.Module(linked.code);
    const table = this.#own(linked.residentBytes, 'constants');
    for (const { offset, bytes } of linked.constants) memory.bytes.set(bytes, table + offset);
    const imports = { env: { memory: memory.memory, table }, math, profile: { now: profiler?.now } };
    const instance = new WebAssembly.Instance(module, imports);
    return { linked, run: instance.exports.run as () => number, table, shared: undefined, trace };
  }

  #layOutArena(): ArenaLayout {
    const { arenaBytes, workspaceBytes, scratchBytes } = this.#code.linked;
    const up = (bytes: number): number => Math.ceil(bytes / alignment) * alignment;
    const workspace = up(arenaBytes);
    const scratch = workspace + up(workspaceBytes);
    const scratchStride = up(scratchBytes);
    return { workspace, scratch, scratchStride, bytes: scratch + scratchStride * this.#engine.threads };
  }

  execute(call: ExecuteCall): void {
    if (this.#released) throw new CeratopsError('DISPOSED', 'executed after release', { subject: this.#label });
    this.#buffers.checkCall(this.program, call);
    const inputs = call.inputs.map((id) => this.#buffers.get(id));
    const given = this.#hasAliases ? givenAway(this.program, call) : noneGiven;
    const poisoned = inputs.find(({ error }) => error !== undefined);
    const result = poisoned === undefined ? this.#attempt(inputs, given) : { error: poisoned.error, spoiled: false };
    this.#publish(call, inputs, given, result);
  }

  #attempt(inputs: readonly BufferRecord[], given: readonly boolean[]): RunResult {
    const { memory, profiler } = this.#engine;
    const count = this.#outputBytes.length;
    const addresses = new Array<number>(count).fill(-1);
    for (let i = 0; i < inputs.length; i++) {
      const output = this.#taking[i];
      if (given[i] && output !== undefined) addresses[output] = inputs[i]!.address;
    }
    const fresh: number[] = [];
    let code = this.#code;
    try {
      if (profiler !== undefined)
        code = this.#profiled ??= profiler.load((trace) => this.#load(this.#link(trace), trace));
      for (let output = 0; output < count; output++) {
        if (addresses[output]! >= 0) continue;
        addresses[output] = this.#engine.allocate(this.#outputBytes[output]!, 'an output');
        fresh.push(addresses[output]!);
      }
      this.#writeTable(code.table, inputs, addresses, this.#engine.arenaOf(this.#arena.bytes));
    } catch (error) {
      for (const address of fresh) memory.free(address);
      return { error, spoiled: false };
    }
    const run = (): unknown => this.#run(code);
    const error = profiler === undefined ? run() : profiler.run(this.#label, code.trace!, run);
    if (error === undefined) return { addresses };
    for (const address of fresh) memory.free(address);
    return { error, spoiled: true };
  }

  #writeTable(table: number, inputs: readonly BufferRecord[], outputs: readonly number[], arena: number): void {
    const layout = this.#layout;
    const { words } = this.#engine.memory;
    const first = table / 4;
    for (let i = 0; i < inputs.length; i++) words[first + i] = inputs[i]!.address;
    for (let i = 0; i < outputs.length; i++) words[first + layout.inputs + i] = outputs[i]!;
    words[first + ownSlot(layout, 'arena')] = arena;
    words[first + ownSlot(layout, 'workspace')] = arena + this.#arena.workspace;
    words[first + ownSlot(layout, 'scratch')] = arena + this.#arena.scratch;
    words[first + ownSlot(layout, 'scratchStride')] = this.#arena.scratchStride;
  }

  /** Where workers read it, for as long as this program lives. */
  #copy(code: Uint8Array): number {
    const address = this.#own(code.length, 'code for worker threads');
    this.#engine.memory.bytes.set(code, address);
    return address;
  }

  /** One call into WebAssembly; workers help where there is enough to do. Answers with what went wrong. */
  #run(code: Code): unknown {
    const { pool } = this.#engine;
    const { linked, run } = code;
    try {
      if (pool !== undefined && linked.sharedCost >= pool.costs.wake) {
        code.shared ??= pool.share(linked.code, this.#copy(linked.code), code.table);
        return pool.run(this.#label, code.shared, run);
      }
      run();
    } catch (cause) {
      return new CeratopsError('EXECUTION_FAILED', 'the program trapped', { subject: this.#label, cause });
    }
    return undefined;
  }

  /** Makes the outputs exist and the given-away inputs go. */
  #publish(
    { inputs, outputs }: ExecuteCall,
    records: readonly BufferRecord[],
    given: readonly boolean[],
    result: RunResult,
  ): void {
    const failed = 'error' in result;
    for (let i = 0; i < given.length; i++) {
      if (!given[i]) continue;
      const inPlace = this.#taking[i] !== undefined;
      if (!failed) {
        if (!inPlace) this.#engine.memory.free(records[i]!.address);
        this.#buffers.remove(inputs[i]!);
      } else if (inPlace && result.spoiled)
        // Half overwritten: better no data than wrong data.
        this.#buffers.add(inputs[i]!, { ...records[i]!, error: result.error });
    }
    for (let output = 0; output < outputs.length; output++) {
      const type = this.#outputTypes[output]!;
      if (failed) this.#buffers.add(outputs[output]!, { type, address: 0, error: result.error });
      else this.#buffers.add(outputs[output]!, { type, address: result.addresses[output]!, error: undefined });
    }
  }

  /** @throws LatePartsNeeded while the engine lacks the late parts. */
  explain(): string {
    return needed(this.#engine.late).profiling.explain(this.#label, this.#plan(), this.#engine, this.#profiled?.trace);
  }

  release(): void {
    if (this.#released) return;
    this.#released = true;
    this.#freeOwned();
  }

  #freeOwned(): void {
    for (const address of this.#owned) this.#engine.memory.free(address);
    this.#owned.length = 0;
  }
}
