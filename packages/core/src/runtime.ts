/**
 * The mutable state of this package, in one place: which frame records ops, which engine runs them, and the tables of
 * interned types and operations. It hangs on a global symbol, so that two copies of the package share it or refuse.
 */
import { CeratopsError, type OpName } from '@ceratops/kernel-registry';
import type { Remains } from './engine/collection.js';
import type { Engine } from './engine/engine.js';
import type { Operation } from './graph/operation.js';
import type { TraceFrame } from './graph/trace-frame.js';
import type { ValueType } from './graph/value-type.js';
import type { Variable } from './variable.js';

/** Same as in package.json; a test holds them together. */
export const coreVersion = '0.1.0';

export interface Runtime {
  readonly version: string;
  /** The innermost open trace; `null` means eager code. */
  frame: TraceFrame | null;
  /** Where eager code without tensors of its own runs; made at the first need. */
  engine: Engine | undefined;
  /** The last node id given out; ids grow, so they give a topological order. */
  lastNode: number;
  /** Marks the nodes that a walk has met. */
  lastEpoch: number;
  readonly types: Map<string, ValueType>;
  /** Operations by op name and attribute key. */
  readonly operations: Map<string, Map<string, Operation>>;
  operationCount: number;
  lastOperation: number;
  readonly plainOperations: Map<OpName, Operation>;
  readonly variables: Set<WeakRef<Variable>>;
  finaliser: FinalizationRegistry<Remains> | undefined;
}

const symbol: symbol = Symbol.for('@ceratops/core');
let own: Runtime | undefined;

/** @throws CeratopsError VERSION_MISMATCH when another version of this package was used before. */
export function runtime(): Runtime {
  return own ?? connect();
}

function connect(): Runtime {
  const holder = globalThis as { [key: symbol]: Runtime | undefined };
  const found = (holder[symbol] ??= {
    version: coreVersion,
    frame: null,
    engine: undefined,
    lastNode: 0,
    lastEpoch: 0,
    types: new Map(),
    operations: new Map(),
    operationCount: 0,
    lastOperation: 0,
    plainOperations: new Map(),
    variables: new Set(),
    finaliser: undefined,
  });
  if (found.version !== coreVersion) {
    throw new CeratopsError('VERSION_MISMATCH', 'two versions are loaded', {
      subject: '@ceratops/core',
      expected: found.version,
      received: coreVersion,
      remedy: 'install one version (npm ls @ceratops/core, npm dedupe)',
    });
  }
  own = found;
  return found;
}
