/** What this package uses of its JavaScript host, typed here because it runs in all of them. */
export interface Host {
  readonly gc?: (() => void) | undefined;
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
