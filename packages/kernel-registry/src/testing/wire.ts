/** What crosses the fake remote's port: plain data that a socket could carry. */

import type { BufferId, ExecuteCall } from '../backend.js';
import type { HostArray } from '../dtype.js';
import { CeratopsError, type ErrorCode, isCeratopsError } from '../errors.js';
import type { Program } from '../program.js';
import type { TensorType } from '../tensor-type.js';

/** Where `failNext` can make the remote fail. */
export type InjectionPoint = 'compile' | 'execute' | 'read';

export interface WireError {
  readonly code: ErrorCode;
  readonly problem: string;
  readonly subject?: string | undefined;
  readonly expected?: string | undefined;
  readonly received?: string | undefined;
  readonly remedy?: string | undefined;
}

export type Request =
  | { readonly kind: 'write'; readonly id: BufferId; readonly type: TensorType; readonly data: HostArray }
  | { readonly kind: 'free'; readonly ids: readonly BufferId[] }
  | { readonly kind: 'compile'; readonly ticket: number; readonly program: Program; readonly label: string }
  | { readonly kind: 'execute'; readonly executable: number; readonly call: ExecuteCall }
  | { readonly kind: 'release'; readonly executable: number }
  | { readonly kind: 'read'; readonly ticket: number; readonly id: BufferId }
  | { readonly kind: 'synchronize'; readonly ticket: number }
  | { readonly kind: 'fail'; readonly point: InjectionPoint; readonly error: WireError };

/** The answer to the request with this ticket; a compile is named by its ticket from then on. */
export type Reply =
  | { readonly ticket: number; readonly value: HostArray | undefined }
  | { readonly ticket: number; readonly error: WireError };

export function encodeError(error: unknown): WireError {
  if (!isCeratopsError(error)) {
    return { code: 'INTERNAL', problem: error instanceof Error ? error.message : String(error) };
  }
  const { code, problem, subject, expected, received, remedy } = error;
  return { code, problem, subject, expected, received, remedy };
}

export function decodeError({ code, problem, ...fields }: WireError): CeratopsError {
  return new CeratopsError(code, problem, fields);
}

/** The part of a MessagePort that we use, on every platform; `ref` and `unref` are Node's. */
export interface Port {
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  postMessage(message: unknown, transfer?: readonly ArrayBufferLike[]): void;
  close(): void;
  ref?(): void;
  unref?(): void;
}

interface Platform {
  readonly MessageChannel: new () => { readonly port1: Port; readonly port2: Port };
  setTimeout(callback: () => void, milliseconds: number): unknown;
}

const platform = (): Platform => globalThis as unknown as Platform;

export function openChannel(): readonly [Port, Port] {
  const { port1, port2 } = new (platform().MessageChannel)();
  return [port1, port2];
}

export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    platform().setTimeout(resolve, milliseconds);
  });
}
