/** What an engine can do at best: a large matrix product and an elementwise op over arrays that fit no cache. */

import { type DevicePeaks, isCeratopsError, type Program, sizeOf, type TensorType } from '@ceratops/kernel-registry';
import { BufferTable } from '../buffers.js';
import type { Engine } from '../engine.js';
import { CpuExecutable } from '../executable.js';
import { compileOptimised } from '../platform/node.js';
import { now } from './clock.js';

const side = 512;
const elements = 1 << 22;
/** The first are slower: threads begin, memory is new. */
const runs = 10;

const matrix: TensorType = { dtype: 'float32', shape: [side, side] };
const array: TensorType = { dtype: 'float32', shape: [elements] };

const product: Program = {
  name: 'product',
  inputs: [{ type: matrix }, { type: matrix }],
  instructions: [
    {
      op: 'dot_general',
      operands: [0, 1],
      results: [matrix],
      attributes: {
        ...{ lhsBatchingDimensions: [], rhsBatchingDimensions: [] },
        ...{ lhsContractingDimensions: [1], rhsContractingDimensions: [0], precision: 'default', dtype: 'float32' },
      },
    },
  ],
  outputs: [2],
};

const negation: Program = {
  name: 'negation',
  inputs: [{ type: array }],
  instructions: [{ op: 'negate', operands: [0], results: [array], attributes: {} }],
  outputs: [1],
};

/** By what makes a difference between engines of one process. */
const known: Map<string, DevicePeaks> = new Map();

function keyOf({ threads, tuning }: Engine): string {
  return `${threads} ${tuning.relaxed}`;
}

export function knownPeaks(engine: Engine): DevicePeaks | undefined {
  return known.get(keyOf(engine));
}

/** Takes some 200 ms; undefined where there is no memory left for it. No profile may be running. */
export function measurePeaks(engine: Engine): DevicePeaks | undefined {
  try {
    const flops = 2 * side ** 3;
    const peaks = {
      flops: flops / bestSeconds(engine, product),
      bandwidth: (8 * elements) / bestSeconds(engine, negation),
    };
    known.set(keyOf(engine), peaks);
    return peaks;
  } catch (error) {
    if (isCeratopsError(error, 'OUT_OF_MEMORY')) return undefined;
    throw error;
  } finally {
    engine.releaseArena();
  }
}

function bestSeconds(engine: Engine, program: Program): number {
  const buffers = new BufferTable();
  const executable = compileOptimised(() => new CpuExecutable(program, 'peak', engine, buffers));
  let nextId = 0;
  try {
    const inputs = program.inputs.map(({ type }) => {
      const address = engine.allocate(4 * sizeOf(type.shape), 'a measurement');
      engine.memory.bytes.fill(0, address, address + 4 * sizeOf(type.shape));
      buffers.add(nextId, { type, address, error: undefined });
      return nextId++;
    });
    let best = Number.POSITIVE_INFINITY;
    for (let run = 0; run < runs; run++) {
      const output = nextId++;
      const start = now();
      executable.execute({ inputs, outputs: [output] });
      best = Math.min(best, now() - start);
      const { address, error } = buffers.get(output);
      buffers.remove(output);
      if (error !== undefined) throw error;
      engine.memory.free(address);
    }
    return best / 1000;
  } finally {
    for (const id of buffers.ids()) engine.memory.free(buffers.get(id).address);
    executable.release();
  }
}
