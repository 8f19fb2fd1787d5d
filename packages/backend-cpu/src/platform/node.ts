/** What only Node has. No page loads this at its start. */

import { host, v8Major } from './globals.js';

/** A module of Node's own, without naming it to bundlers; undefined elsewhere. */
export function nodeModule<T>(name: string): T | undefined {
  return host.process?.getBuiltinModule?.(`node:${name}`) as T | undefined;
}

export function environmentVariable(name: string): string | undefined {
  return host.process?.env?.[name];
}

/** Turns relaxed SIMD on in Node 20, whose V8 has all of it, but behind a flag of the process. Other hosts are left alone. */
export function enableRelaxedSimd(): void {
  if (v8Major() !== 11) return;
  nodeModule<{ setFlagsFromString(flag: string): void }>('v8')?.setFlagsFromString('--experimental-wasm-relaxed-simd');
}
