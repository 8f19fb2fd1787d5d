/**
 * Compiled programs in files, so that the next process finds them. A cache that does not work is as good as none: it
 * neither throws nor changes a result.
 */

import { type Program, regionsOf } from '@ceratops/kernel-registry';
import type { CpuBackendOptions, Engine } from '../engine.js';
import { host } from '../platform/globals.js';
import { environmentVariable, nodeModule } from '../platform/node.js';
import { now } from '../profile/clock.js';
import type { LinkedProgram } from '../program/link.js';
import { builtFrom } from './built-from.js';
import { decodeEntry, encodeEntry, hashOf } from './entry.js';
import type { FileSystem } from './files.js';
import { Folder, userFolder } from './folder.js';
import { keyOf } from './key.js';

export interface PlanCacheOptions {
  readonly folder: string;
  /** Of all files together; the least recently used leave first. Default 256 MB. */
  readonly limitBytes?: number | undefined;
  /** What compiles faster is not kept. Default 15. */
  readonly leastMilliseconds?: number | undefined;
}

/** Programs of fewer instructions all compile at once, as soon as one did. */
const small = 24;
/** Milliseconds for an instruction, which the compiler's code takes less than when it is warm, and several times as long when it is not. */
const warmPace = 0.01;

export class PlanCache {
  /** Programs found, and programs kept. */
  readonly statistics = { hits: 0, stores: 0 };
  readonly #folder: Folder;
  readonly #leastMilliseconds: number;
  /** Programs of fewer instructions are not looked for: such have compiled at once, in code that was warm by then. */
  #leastInstructions = 0;

  constructor({ folder, limitBytes = 2 ** 28, leastMilliseconds = 15 }: PlanCacheOptions) {
    this.#folder = new Folder(folder, limitBytes, nodeModule<FileSystem>('fs')!);
    this.#leastMilliseconds = leastMilliseconds;
  }

  /** What `load` makes of the program as it was kept, or as `link` makes it. */
  compile<T>(program: Program, engine: Engine, link: () => LinkedProgram, load: (linked: LinkedProgram) => T): T {
    const instructions = countInstructions(program);
    const key = instructions < this.#leastInstructions ? undefined : keyFor(program, engine);
    if (key === undefined) return load(link());
    const number = hashOf(key);
    const kept = this.#find(number, key, load);
    if (kept !== undefined) return kept;
    const start = now();
    const linked = link();
    const elapsed = now() - start;
    if (elapsed >= this.#leastMilliseconds) {
      if (this.#folder.write(number, encodeEntry(key, linked))) this.statistics.stores++;
    } else if (elapsed < Math.max(this.#leastMilliseconds / 8, instructions * warmPace))
      this.#leastInstructions = Math.max(instructions + 1, small);
    return load(linked);
  }

  #find<T>(number: number, key: Int32Array, load: (linked: LinkedProgram) => T): T | undefined {
    const file = this.#folder.read(number);
    if (file === undefined) return undefined;
    try {
      const linked = decodeEntry(file, key);
      if (linked === undefined) return undefined;
      const loaded = load(linked);
      this.#folder.touch(number);
      this.statistics.hits++;
      return loaded;
    } catch {
      return undefined;
    }
  }
}

function countInstructions({ instructions }: Program): number {
  let count = instructions.length;
  for (const instruction of instructions)
    for (const { program } of regionsOf(instruction)) count += countInstructions(program);
  return count;
}

function keyFor(program: Program, { tuning, pool, pieceBytes }: Engine): Int32Array | undefined {
  try {
    const { versions, arch } = host.process!;
    const threads = pool && [pool.size, pool.costs, pool.deadlineMilliseconds];
    const surroundings = JSON.stringify([builtFrom(), versions, arch, tuning, threads, pieceBytes]);
    return keyOf(surroundings, program);
  } catch {
    return undefined;
  }
}

/** The cache that options and environment ask for, if the host has files. */
export function planCacheFor({ planCache = true }: CpuBackendOptions): PlanCache | undefined {
  if (planCache === false || nodeModule('fs') === undefined) return undefined;
  const folder = planCache === true ? environmentFolder() : planCache;
  return folder && folder !== '0' ? new PlanCache({ folder }) : undefined;
}

function environmentFolder(): string | undefined {
  const wanted = environmentVariable('CERATOPS_PLAN_CACHE');
  if (wanted) return wanted;
  // Deno would ask its user for each right that this takes.
  return host.process?.versions?.deno === undefined ? userFolder() : undefined;
}
