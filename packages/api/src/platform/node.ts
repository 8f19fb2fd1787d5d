/**
 * The few Node built-ins that files and workers need, reached at run time so that no bundler sees an import and no
 * declaration file names a Node type. Undefined in browsers; Bun and Deno answer like Node.
 */

export interface NodeFileSystem {
  readonly promises: {
    readFile(path: string): Promise<Uint8Array>;
    writeFile(path: string, data: Uint8Array): Promise<void>;
    rename(from: string, to: string): Promise<void>;
    rm(path: string, options: { force: boolean }): Promise<void>;
    mkdir(path: string, options: { recursive: boolean }): Promise<unknown>;
  };
}

export interface NodeWorker {
  postMessage(value: unknown, transfer?: readonly ArrayBufferLike[]): void;
  on(event: 'message', listener: (value: unknown) => void): void;
  on(event: 'error', listener: (error: Error) => void): void;
  on(event: 'exit', listener: (code: number) => void): void;
  terminate(): Promise<number>;
}

export interface NodeWorkerThreads {
  readonly Worker: new (
    url: object,
    options: { stderr: boolean; stdout: boolean; resourceLimits: { maxOldGenerationSizeMb: number } },
  ) => NodeWorker;
}

interface BuiltinModules {
  readonly 'node:fs': NodeFileSystem;
  readonly 'node:worker_threads': NodeWorkerThreads;
}

export function nodeBuiltin<Name extends keyof BuiltinModules>(name: Name): BuiltinModules[Name] | undefined {
  const { process } = globalThis as { process?: { getBuiltinModule?: (name: string) => unknown } };
  return process?.getBuiltinModule?.(name) as BuiltinModules[Name] | undefined;
}
