/**
 * The one mutable global of Ceratops: what is registered in this process. It hangs on a global symbol, so that two
 * copies of this package (two versions in one node_modules, ESM beside CommonJS) find each other, or refuse.
 */

import type { BackendFactory } from './backend.js';
import { contractVersion } from './backend.js';
import type { CompositeDefinition } from './composite.js';
import { CeratopsError } from './errors.js';
import type { InferRule } from './infer/rule.js';
import type { Kernel } from './kernel.js';
import type { OpName } from './opset.js';
import type { VjpRule } from './vjp/rule.js';

export interface BroughtRules {
  readonly infer: InferRule<OpName>;
  readonly vjp: VjpRule<OpName>;
}

/** What the symbol holds. Its layout only grows within one compatible range of contracts. */
export interface Registry {
  readonly contract: string;
  readonly backends: Map<string, BackendFactory>;
  readonly composites: Map<string, CompositeDefinition>;
  /** Of the composites that do not have it themselves, by name, once somebody brought them. */
  decompositions?: { readonly [composite: string]: CompositeDefinition['decompose'] };
  /** Of the ops that are not in the base tables, those that somebody emitted. */
  readonly rules: Map<OpName, BroughtRules>;
  /** Keyed by `backend/op`; the last registered comes first. */
  readonly kernels: Map<string, readonly Kernel[]>;
}

const symbol: symbol = Symbol.for('ceratops.kernel-registry');
let own: Registry | undefined;

/** @throws CeratopsError VERSION_MISMATCH when a copy with an incompatible contract was loaded before this one. */
export function registry(): Registry {
  if (own !== undefined) return own;
  const holder = globalThis as { [key: symbol]: Registry | undefined };
  const found = (holder[symbol] ??= {
    contract: contractVersion,
    backends: new Map(),
    composites: new Map(),
    rules: new Map(),
    kernels: new Map(),
  });
  checkContract('@ceratops/kernel-registry', found.contract);
  own = found;
  return found;
}

/**
 * The rule of semver: below 1.0 the minor version must agree, from then on the major; the older may not ask for more
 * than the newer gives, which add-only growth ensures.
 */
export function compatibleContracts(a: string, b: string): boolean {
  const [majorA, minorA] = a.split('.');
  const [majorB, minorB] = b.split('.');
  return majorA === majorB && (majorA !== '0' || minorA === minorB);
}

export function checkContract(subject: string, contract: string): void {
  if (compatibleContracts(contract, contractVersion)) return;
  throw new CeratopsError('VERSION_MISMATCH', 'built for another contract', {
    subject,
    expected: `contract ${contractVersion}`,
    received: `contract ${contract}`,
    remedy: 'install packages of one contract (npm ls @ceratops/kernel-registry)',
  });
}
