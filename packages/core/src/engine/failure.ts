/** How failures are told: the first cause, the program and the op, with the cause's own code. */
import { CeratopsError, isCeratopsError } from '@ceratops/kernel-registry';
import type { Buffer } from './buffer.js';

/** Any thrown thing as a CeratopsError. */
export function normalise(error: unknown, subject: string): CeratopsError {
  if (isCeratopsError(error)) return error;
  const problem = error instanceof Error ? error.message : String(error);
  return new CeratopsError('EXECUTION_FAILED', problem, { subject, cause: error });
}

/** What reading a buffer throws when the program that should have written it failed. */
export function readFailure(buffer: Buffer, error: unknown): CeratopsError {
  const cause = normalise(error, buffer.program);
  const place = buffer.op === undefined ? buffer.program : `${buffer.program}, ${buffer.op}`;
  const { code, problem, expected, received, remedy } = cause;
  const named = cause.subject === undefined || cause.subject === buffer.program;
  return new CeratopsError(code, named ? problem : `${cause.subject}: ${problem}`, {
    subject: place,
    expected,
    received,
    remedy,
    cause,
  });
}

/** What a program that takes a variable throws when the value went with its device. */
export function lostState(path: string, cause: CeratopsError): CeratopsError {
  return new CeratopsError(cause.code, `its value is lost: ${cause.problem}`, {
    subject: `variable ${path}`,
    received: cause.received,
    remedy: 'load or build the model again, or assign the variable a value',
    cause,
  });
}

export function disposed(subject: string): CeratopsError {
  return new CeratopsError('DISPOSED', 'used after it was disposed', {
    subject,
    remedy: 'dispose() only what is not used again; nobody has to call it',
  });
}
