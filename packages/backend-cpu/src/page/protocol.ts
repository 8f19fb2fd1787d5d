/** Messages between a page and the worker that computes for it. They are handled in order; plain data only. */

import {
  type BackendProfile,
  type BufferId,
  CeratopsError,
  type ErrorCode,
  type ErrorFields,
  type ExecuteCall,
  type HostArray,
  isCeratopsError,
  type MemoryStatistics,
  type Program,
  type TensorType,
} from '@ceratops/kernel-registry';
import type { CpuBackendOptions } from '../engine.js';

export type Request =
  | { readonly kind: 'open'; readonly options: CpuBackendOptions }
  | { readonly kind: 'write'; readonly id: BufferId; readonly type: TensorType; readonly data: HostArray }
  | { readonly kind: 'free'; readonly ids: readonly BufferId[] }
  | { readonly kind: 'compile'; readonly executable: number; readonly program: Program; readonly label: string }
  | { readonly kind: 'execute'; readonly executable: number; readonly call: ExecuteCall }
  | { readonly kind: 'explain'; readonly executable: number }
  | { readonly kind: 'release'; readonly executable: number }
  | { readonly kind: 'read'; readonly id: BufferId }
  | { readonly kind: 'synchronize' }
  | { readonly kind: 'profile'; readonly on: boolean };

/** `ticket` is 0 where nobody waits for the answer. */
export interface Envelope {
  readonly ticket: number;
  readonly request: Request;
}

/** An error in the form that survives the way between threads: its fields, without the cause. */
export interface SentError extends ErrorFields {
  readonly code: ErrorCode;
  readonly problem: string;
}

/** `compile` answers with the bytes of temporaries. */
export type AnswerValue = HostArray | number | string | BackendProfile | undefined;

export interface Answer {
  readonly ticket: number;
  readonly value?: AnswerValue;
  readonly error?: SentError | undefined;
  readonly memory: MemoryStatistics | undefined;
}

/** The part of a worker, and of its global scope, that both sides need. */
export interface Port {
  postMessage(message: unknown, transfer?: readonly unknown[]): void;
  onmessage: ((event: { readonly data: unknown }) => void) | null;
}

export function encodeError(error: unknown): SentError {
  if (!isCeratopsError(error))
    return { code: 'INTERNAL', problem: error instanceof Error ? error.message : String(error) };
  const { code, problem, subject, expected, received, remedy } = error;
  return { code, problem, subject, expected, received, remedy };
}

export function decodeError({ code, problem, ...fields }: SentError): CeratopsError {
  return new CeratopsError(code, problem, fields);
}
