/**
 * Everything this package knows about one backend instance: the graph that eager code has recorded for it, its executables, the
 * ordered queue of work, and its memory.
 */
import {
  type Backend,
  CeratopsError,
  formatType,
  type HostArray,
  type MemoryStatistics,
  type Program,
} from '@ceratops/kernel-registry';
import { assemble } from '../graph/assemble.js';
import { hostElements } from '../graph/host-elements.js';
import { buffered, evaporated, floating, hostLeaf, type Node, onHost, pending } from '../graph/node.js';
import type { ValueType } from '../graph/value-type.js';
import { Buffer } from './buffer.js';
import { type CachedProgram, type Compilation, ExecutableCache } from './cache.js';
import { type BackendSource, Connection } from './connection.js';
import { EagerGraph } from './eager-graph.js';
import { disposed, normalise, readFailure } from './failure.js';
import { StateHistory, type StateLaunch } from './history.js';
import { Launch, type LaunchOptions } from './launch.js';
import { Memory, type MemoryBudget } from './memory.js';
import { Plans, type Recorded } from './plans.js';
import { ScalarBuffers } from './scalars.js';

export interface EngineOptions extends MemoryBudget {
  /** Bytes of executables kept for reuse, estimated. Default 256 MiB. */
  readonly cacheBytes?: number | undefined;
}

/** Eager code that never reads is launched when this many nodes have piled up. */
const pendingLimit = 4096;
const defaultCacheBytes = 256 * 2 ** 20;
/** Elements up to this many stay on the host after an upload, so that printing them is free. */
const keptElements = 16;

/** A variable's value; it outlives the variable for its finaliser. */
export interface Cell {
  node: Node;
}

export class Engine {
  memory: Memory;
  cache: ExecutableCache;
  readonly #connection: Connection;
  #scalars: ScalarBuffers = new ScalarBuffers();
  readonly graph: EagerGraph = new EagerGraph(this);
  readonly #plans: Plans = new Plans();
  readonly #dirty: Set<Cell> = new Set();
  #history: StateHistory = new StateHistory();
  #options: EngineOptions;
  #lastBuffer = 0;

  /** @param successors asked when a backend did not come or is lost; null when there is no other. */
  constructor(source: BackendSource, options: EngineOptions = {}, successors: BackendSource | null = source) {
    this.#connection = new Connection(source, successors, (error) => this.#lose(error));
    this.#options = options;
    this.memory = this.#newMemory();
    this.cache = new ExecutableCache(options.cacheBytes ?? defaultCacheBytes);
  }

  // The backend

  #newMemory(): Memory {
    return new Memory(this.#options, (ids) => this.#connection.backend?.free(ids));
  }

  /** True while no backend is there or on its way. */
  get unbound(): boolean {
    return this.#connection.unbound;
  }

  get backend(): Backend | null {
    return this.#connection.backend;
  }

  /** Another backend and other limits, as long as it is unbound. */
  rebind(source: BackendSource, options: EngineOptions, successors: BackendSource): void {
    this.#connection.rebind(source, successors);
    this.#options = options;
    this.memory = this.#newMemory();
    this.cache = new ExecutableCache(options.cacheBytes ?? defaultCacheBytes);
  }

  /** Sees to it that the backend is there or on its way. */
  start(): void {
    this.#connection.start();
  }

  /** What lived on the backend is gone, and says so. */
  #lose(error: CeratopsError): void {
    this.memory.lost = error;
    this.memory = this.#newMemory();
    this.cache.clear();
    this.#history = new StateHistory();
    this.#scalars = new ScalarBuffers();
  }

  /** Rejects what waits and gives the backend's resources back. */
  async close(): Promise<void> {
    const closing = this.#connection.close();
    this.cache.clear();
    await closing;
  }

  statistics(): MemoryStatistics {
    return this.backend?.memory() ?? { liveBytes: 0, peakBytes: 0, liveBuffers: 0 };
  }

  // Eager code

  /** Launches when too much has piled up. Call after an op, never inside one. */
  relieve(): void {
    const { size, sinkBytes } = this.graph;
    if (size >= pendingLimit || sinkBytes > this.memory.slackBytes) this.flush([]);
  }

  /** A variable has a new value that nothing has computed yet. */
  markDirty(cell: Cell): void {
    this.#dirty.add(cell);
  }

  /** Launches all that is recorded; the requested nodes have buffers afterwards. */
  flush(requested: readonly Node[]): void {
    const { graph } = this;
    for (const node of requested) if (node.engine === this) graph.request(node);
    for (const { node } of this.#dirty) if (node.engine === this) graph.request(node);
    this.#dirty.clear();
    if (graph.size === 0) return;
    const nodes = graph.take();
    const recorded = this.#plans.encode(nodes);
    for (const node of nodes) if (node.state === pending) node.state = evaporated;
    const made = recorded.outputs.map((node) => {
      const buffer = this.newBuffer(node.type, 'eager', opOf(node));
      this.memory.watch(buffer);
      node.buffer = buffer;
      node.state = buffered;
      node.keep = false;
      return buffer;
    });
    if (made.length === 0) this.#forgetOrigins(nodes);
    else this.#launchRecorded(recorded, made);
  }

  #launchRecorded(recorded: Recorded, made: readonly Buffer[]): void {
    const onSuccess = (): void => this.#forgetOrigins(recorded.nodes);
    const onFailure = (error: CeratopsError): void => {
      const { outputs } = recorded;
      const half = outputs.length >> 1;
      const isLoading = error.code === 'LOAD_FAILED';
      if (isLoading || (error.code === 'UNSUPPORTED' && half > 0 && this.graph.size === 0)) {
        for (const node of outputs) {
          node.buffer = null;
          node.state = evaporated;
        }
        // Only something that did not load: whoever asks for these values again has them computed again.
        if (isLoading) this.graph.restore(outputs.filter(({ uses }) => uses > 0));
        else {
          // What no kernel computes fails alone: the rest was recorded at the same time, and may be the weights of a model.
          // Operands come first, so the second half finds those of the first computed.
          this.flush(outputs.splice(0, half));
          this.flush(outputs);
        }
      }
      this.#forgetOrigins(recorded.nodes);
    };
    try {
      this.start();
      const given = recorded.inputs.map((node) => this.bufferOf(node));
      const entry = this.#plans.find(recorded, (options) => this.cache.get(assemble(options)));
      const shortage = this.memory.shortage(0);
      if (shortage !== null) throw shortage;
      this.launch(entry, given, made, { onSuccess, onFailure });
    } catch (cause) {
      const error = normalise(cause, 'eager');
      for (const buffer of made) this.poison(buffer, error);
      onFailure(error);
    }
  }

  /** Nodes that are computed, and those that nobody can ask for, no longer need what they were computed from. */
  #forgetOrigins(nodes: readonly Node[]): void {
    for (const node of nodes) if (isComputed(node) || !isInUse(node)) this.dropOperands(node);
  }

  /** Runs a program in its turn; outputs are valid handles at once. */
  launch(entry: CachedProgram, inputs: readonly Buffer[], outputs: readonly Buffer[], options: LaunchOptions): void {
    this.start();
    this.cache.touch(entry);
    const job = new Launch(this, entry, inputs, outputs, options);
    const { backend } = this.#connection;
    // Compiling starts now, even if the launch has to wait for others.
    const blocker = backend === null ? null : job.blocker(backend);
    if (this.#connection.ready !== null && blocker === null) job.run(this.#connection.ready);
    else this.#connection.push(job);
    // The launch may have some of them; who needs one from now on uploads its elements again.
    for (const buffer of this.#scalars.takeEvicted()) this.free(buffer);
  }

  entryOf(program: Program): CachedProgram {
    return this.cache.get(program);
  }

  compile(entry: CachedProgram, backend: Backend): Compilation {
    return this.cache.compile(entry, backend);
  }

  // Buffers

  newBuffer(type: ValueType, program: string, op?: string): Buffer {
    const buffer = new Buffer(++this.#lastBuffer, type, program, op, this.memory);
    this.memory.add(buffer);
    return buffer;
  }

  /** The buffer of a node that is computed or on the host; host data is uploaded. */
  bufferOf(node: Node): Buffer {
    if (node.buffer !== null) {
      if (node.engine === this) {
        const { memory, evicted, error } = node.buffer;
        const isThere = memory === this.memory && !evicted && error === null;
        if (isThere || node.host === null) return usable(node.buffer);
        // Lost with its backend, or evicted, but for the elements on the host.
        node.buffer = null;
        node.state = onHost;
      } else if (node.host !== null) {
        // Recorded here before another engine took it.
        return this.bufferOf(hostLeaf(node.type, node.host, null));
      }
    }
    if (node.state !== onHost) throw new CeratopsError('INTERNAL', 'a value has no buffer and cannot get one');
    const { type } = node;
    const data = node.host!;
    const buffer =
      type.shape.length === 0
        ? this.#scalars.get(type, data, () => this.#upload(node, data))
        : this.#upload(node, data);
    // One that failed at once leaves the node as it is.
    if (buffer.error === null) {
      node.engine = this;
      node.state = buffered;
      node.buffer = buffer;
    }
    return buffer;
  }

  #upload(node: Node, data: HostArray): Buffer {
    this.start();
    const buffer = this.newBuffer(node.type, 'upload');
    // Scalars are freed when they are evicted.
    if (node.type.shape.length > 0) buffer.memory.watch(buffer);
    const fail = (error: unknown): void => {
      this.poison(buffer, normalise(error, 'upload'));
      // The elements are still here: another backend may take them.
      node.engine = null;
      node.buffer = null;
      node.state = onHost;
    };
    let elements = data;
    const write = (backend: Backend): void => {
      try {
        backend.write(buffer.id, node.type, elements);
        buffer.allocation.state = 'live';
        if (node.type.size > keptElements) node.host = null;
      } catch (error) {
        fail(error);
      }
    };
    // A fresh id: nothing queued before can mean it, so it need not wait for its turn.
    const { backend } = this.#connection;
    if (backend !== null) write(backend);
    else {
      // Whoever lent the elements may change them meanwhile.
      elements = data.slice();
      this.#enqueue(write, fail);
    }
    return buffer;
  }

  /** What the buffer should hold will not come. */
  poison(buffer: Buffer, error: CeratopsError): void {
    buffer.error = error;
    this.forget(buffer);
  }

  /** True when computing this node may take more memory than the limit allows. */
  mayExceed(node: Node): boolean {
    return this.memory.wouldExceed(this.graph.sinkBytes + node.type.bytes);
  }

  /** The buffer of a node of eager code, launching what is recorded if need be. */
  computed(node: Node): Buffer {
    return this.computedAll([node])[0]!;
  }

  /** The buffers of several nodes, with one flush for all. */
  computedAll(nodes: readonly Node[]): Buffer[] {
    const own = nodes.map((node) => (node.state === floating ? this.#anchor(node) : node));
    if (own.some(({ state }) => state === pending || state === evaporated)) this.flush(own);
    return own.map((node) => this.bufferOf(node));
  }

  /** A floating constant as something that can have a buffer: small literals are uploaded, the rest computed. */
  #anchor(node: Node): Node {
    const data = node.type.size <= keptElements ? hostElements(node) : undefined;
    return data === undefined ? this.graph.ground(node) : hostLeaf(node.type, data, null);
  }

  /** Stops counting a buffer that the backend has no more (or never had). */
  forget(buffer: Buffer): void {
    if (buffer.allocation.state !== 'gone') buffer.memory.remove(buffer);
  }

  /** Frees a buffer once the launches before are over. */
  free(buffer: Buffer): void {
    const { allocation } = buffer;
    if (buffer.memory.lost !== null) this.forget(buffer);
    if (allocation.state === 'gone') return;
    const backend = this.#connection.ready;
    const release = (device: Backend): void => {
      if (allocation.state !== 'live') return;
      buffer.memory.remove(buffer);
      device.free([allocation.id]);
    };
    if (backend !== null) release(backend);
    else this.#enqueue(release, () => this.forget(buffer));
  }

  /** Lets go of a node's buffer if no tensor, variable or recorded node needs it. */
  releaseIfUnused(node: Node): void {
    if (isInUse(node)) return;
    if (node.buffer !== null) {
      if (!node.buffer.shared) this.free(node.buffer);
    } else if (node.state === evaporated) this.dropOperands(node);
  }

  dropOperands(node: Node): void {
    const { operands } = node;
    if (operands.length === 0) return;
    node.operands = [];
    for (const operand of operands) {
      operand.uses--;
      if (operand.handles === 0) this.releaseIfUnused(operand);
    }
  }

  // Reading

  /** Remembers a launch that wrote state, until it is known to have succeeded. */
  remember(launch: StateLaunch): void {
    this.#history.add(launch);
  }

  /** The elements of a buffer, once the work queued before is done. */
  read(buffer: Buffer): Promise<HostArray> {
    this.start();
    const backend = this.#connection.ready;
    if (backend !== null) return this.#readNow(buffer, backend);
    return new Promise((resolve, reject) => {
      this.#enqueue(
        (opened) => resolve(this.#readNow(buffer, opened)),
        (error) => reject(readFailure(buffer, buffer.error ?? error)),
      );
    });
  }

  /** Does something in its turn, once the backend is there. */
  #enqueue(run: (backend: Backend) => void, fail: (error: CeratopsError) => void): void {
    this.#connection.push({ blocker: () => null, run, fail });
  }

  /** The backend, once it has been given all work so far, recorded ops included. */
  settled(): Promise<Backend> {
    this.start();
    this.flush([]);
    return new Promise((resolve, reject) => this.#enqueue(resolve, reject));
  }

  async #readNow(buffer: Buffer, backend: Backend): Promise<HostArray> {
    if (buffer.error !== null) throw readFailure(buffer, buffer.error);
    try {
      return await backend.read(buffer.id);
    } catch (error) {
      await this.#history.recover(backend);
      throw readFailure(buffer, error);
    }
  }

  /** @throws CeratopsError WOULD_BLOCK when only waiting gives the answer. */
  readSync(buffer: Buffer): HostArray {
    this.start();
    const backend = this.#connection.ready;
    if (buffer.error !== null) throw readFailure(buffer, buffer.error);
    if (backend?.readSync === undefined) {
      throw new CeratopsError('WOULD_BLOCK', 'the value is not there yet and waiting for it would block', {
        subject: backend?.name ?? 'backend',
        remedy: 'use `await tensor.data()`',
      });
    }
    try {
      return backend.readSync(buffer.id);
    } catch (error) {
      this.#history.recoverSync(backend);
      throw readFailure(buffer, error);
    }
  }
}

/** It has a buffer, and the launch that writes it is over. */
function isComputed({ buffer }: Node): boolean {
  return buffer !== null && buffer.allocation.state !== 'queued';
}

/** Held by a tensor or a variable, or an operand of something that may still be computed. */
function isInUse(node: Node): boolean {
  return node.handles > 0 || node.uses > 0 || node.owners > 0;
}

function usable(buffer: Buffer): Buffer {
  if (buffer.allocation.state === 'gone' && buffer.error === null) throw disposed(formatType(buffer.type));
  return buffer;
}

function opOf(node: Node): string | undefined {
  return (node.operation ?? node.operands[0]?.operation)?.op;
}
