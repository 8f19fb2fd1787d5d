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

interface HostProcess {
  readonly versions?: { readonly node?: string; readonly v8?: string; readonly deno?: string };
  readonly platform?: string;
  readonly arch?: string;
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

/** For the files of this folder. */
export const host: HostGlobals = globalThis as unknown as HostGlobals;

/** Only to be used after `canRunWebAssembly()`. */
export const WebAssembly: WebAssemblyNamespace = host.WebAssembly as WebAssemblyNamespace;

export function canRunWebAssembly(): boolean {
  return host.WebAssembly !== undefined;
}

export function hasWebWorkers(): boolean {
  return host.Worker !== undefined;
}

/** The major version of V8; undefined on other engines. */
export function v8Major(): number | undefined {
  const version = host.process?.versions?.v8 ?? /Chrom(?:e|ium)\/(\d+)/.exec(host.navigator?.userAgent ?? '')?.[1];
  if (version === undefined) return undefined;
  const major = Number.parseInt(version, 10);
  // Chrome 113 has V8 11.3.
  return major >= 90 ? Math.floor(major / 10) : major;
}
