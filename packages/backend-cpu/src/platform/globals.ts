/**
 * The globals of Node, browsers and other hosts that this package uses, in the little of them that it needs. Libraries of
 * Ceratops compile without DOM and Node types.
 */

export interface WebAssemblyMemory {
  readonly buffer: ArrayBuffer | SharedArrayBuffer;
  grow(pages: number): number;
}

export interface WebAssemblyModule {
  readonly __module?: never;
}

export interface WebAssemblyInstance {
  readonly exports: Readonly<Record<string, unknown>>;
}

export type WebAssemblyImports = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

interface WebAssemblyNamespace {
  validate(bytes: Uint8Array): boolean;
  readonly Module: new (bytes: Uint8Array) => WebAssemblyModule;
  readonly Instance: new (module: WebAssemblyModule, imports: WebAssemblyImports) => WebAssemblyInstance;
  readonly Memory: new (descriptor: {
    readonly initial: number;
    readonly maximum: number;
    readonly shared: boolean;
  }) => WebAssemblyMemory;
}

/** The parts of `node:worker_threads`' and the web's Worker that both have, or one may lack. */
export interface WorkerHandle {
  postMessage(message: unknown): void;
  terminate(): unknown;
  unref?(): void;
  on?(event: 'error' | 'exit', listener: (reason: unknown) => void): void;
  addEventListener?(event: 'error', listener: (reason: unknown) => void): void;
}

interface HostProcess {
  readonly versions?: { readonly node?: string; readonly v8?: string };
  readonly env?: Readonly<Record<string, string | undefined>>;
  getBuiltinModule?(name: string): unknown;
}

interface HostGlobals {
  readonly WebAssembly?: WebAssemblyNamespace;
  readonly process?: HostProcess;
  readonly Worker?: unknown;
  readonly SharedArrayBuffer?: unknown;
  readonly crossOriginIsolated?: boolean;
  readonly navigator?: { readonly hardwareConcurrency?: number; readonly userAgent?: string };
  readonly window?: unknown;
}

const host = globalThis as unknown as HostGlobals;

/** Only to be used after `canRunWebAssembly()`. */
export const WebAssembly: WebAssemblyNamespace = host.WebAssembly as WebAssemblyNamespace;

export function canRunWebAssembly(): boolean {
  return host.WebAssembly !== undefined;
}

/** A module of Node's own, without naming it to bundlers; undefined elsewhere. */
export function nodeModule<T>(name: string): T | undefined {
  return host.process?.getBuiltinModule?.(`node:${name}`) as T | undefined;
}

export function environmentVariable(name: string): string | undefined {
  return host.process?.env?.[name];
}

export function hasWorkers(): boolean {
  return nodeModule('worker_threads') !== undefined || hasWebWorkers();
}

export function hasWebWorkers(): boolean {
  return host.Worker !== undefined;
}

/** Memory that threads share exists, and this page may use it. */
export function hasSharedMemory(): boolean {
  return host.SharedArrayBuffer !== undefined && host.crossOriginIsolated !== false;
}

/** A browser's page thread must never block. */
export function isPageThread(): boolean {
  return host.window !== undefined && host.process?.versions?.node === undefined;
}

export function processorCount(): number {
  const os = nodeModule<{ availableParallelism?(): number; cpus(): readonly unknown[] }>('os');
  return os?.availableParallelism?.() ?? os?.cpus().length ?? host.navigator?.hardwareConcurrency ?? 1;
}

/** The major version of V8; undefined on other engines. */
export function v8Major(): number | undefined {
  const version = host.process?.versions?.v8 ?? /Chrom(?:e|ium)\/(\d+)/.exec(host.navigator?.userAgent ?? '')?.[1];
  if (version === undefined) return undefined;
  const major = Number.parseInt(version, 10);
  // Chrome 113 has V8 11.3.
  return major >= 90 ? Math.floor(major / 10) : major;
}

/** Turns an engine flag on; only hosts with `node:v8` can. */
export function setEngineFlag(flag: string): void {
  nodeModule<{ setFlagsFromString(flag: string): void }>('v8')?.setFlagsFromString(flag);
}
