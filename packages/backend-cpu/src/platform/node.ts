/** What only Node has. No page loads this at its start. */

import { host } from './globals.js';

/** A module of Node's own, without naming it to bundlers; undefined elsewhere. */
export function nodeModule<T>(name: string): T | undefined {
  return host.process?.getBuiltinModule?.(`node:${name}`) as T | undefined;
}

export function environmentVariable(name: string): string | undefined {
  return host.process?.env?.[name];
}

/** Turns an engine flag on; only hosts with `node:v8` can. */
export function setEngineFlag(flag: string): void {
  nodeModule<{ setFlagsFromString(flag: string): void }>('v8')?.setFlagsFromString(flag);
}
