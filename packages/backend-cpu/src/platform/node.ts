/** What only Node has. No page loads this at its start. */

import { host, v8Major } from './globals.js';

/** A module of Node's own, without naming it to bundlers; undefined elsewhere. */
export function nodeModule<T>(name: string): T | undefined {
  return host.process?.getBuiltinModule?.(`node:${name}`) as T | undefined;
}

export function environmentVariable(name: string): string | undefined {
  return host.process?.env?.[name];
}

interface V8 {
  setFlagsFromString(flag: string): void;
}

/** Turns relaxed SIMD on in Node 20, whose V8 has all of it, but behind a flag of the process. Other hosts are left alone. */
export function enableRelaxedSimd(): void {
  if (v8Major() !== 11) return;
  nodeModule<V8>('v8')?.setFlagsFromString('--experimental-wasm-relaxed-simd');
}

/** WebAssembly that `compile` makes is optimised before it first runs, rather than after a while. Only in Node. */
export function compileOptimised<T>(compile: () => T): T {
  const v8 = nodeModule<V8>('v8');
  if (v8 === undefined || v8Major() === undefined) return compile();
  const flags = ['liftoff', 'wasm-lazy-compilation'];
  for (const flag of flags) v8.setFlagsFromString(`--no-${flag}`);
  try {
    return compile();
  } finally {
    for (const flag of flags) v8.setFlagsFromString(`--${flag}`);
  }
}
