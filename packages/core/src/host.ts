/** What this package uses of its JavaScript host, typed here because it runs in all of them. */
export interface Host {
  readonly gc?: (() => void) | undefined;
  readonly Bun?: { gc?(synchronously: boolean): void } | undefined;
  readonly setImmediate?: ((callback: () => void) => void) | undefined;
  readonly setTimeout: (callback: () => void, milliseconds: number) => void;
  readonly console?: { log(text: string): void } | undefined;
  readonly process?:
    | {
        readonly env?: { readonly [name: string]: string | undefined } | undefined;
        readonly versions?: { readonly node?: string | undefined } | undefined;
        cwd?(): string;
        getBuiltinModule?(name: string): unknown;
      }
    | undefined;
}

export const host: Host = globalThis as unknown as Host;

/** A module of Node (or of who imitates it), without importing one. */
export function builtin<T>(name: string): T | undefined {
  return host.process?.getBuiltinModule?.(name) as T | undefined;
}
