/**
 * The one error class of Ceratops and its closed set of codes. Messages read
 * `subject: what was wrong, expected …, received … — what to do`; the fields carry the same facts as data.
 */
export type ErrorCode =
  /** Shapes or ranks do not fit an op, a layer or a model. */
  | 'SHAPE_MISMATCH'
  /** A dtype that an op, a layer or a file does not take. */
  | 'DTYPE_MISMATCH'
  /** Any other bad argument. */
  | 'INVALID_ARGUMENT'
  /** A layer, loss, metric, backend, … name that nobody registered. */
  | 'UNKNOWN_NAME'
  /** A program that breaks the rules of the IR. */
  | 'INVALID_PROGRAM'
  /** A kernel, backend or program asked for something that this backend cannot do. */
  | 'UNSUPPORTED'
  /** No backend is registered. */
  | 'NO_BACKEND'
  /** Tensors of two backends met in one op. */
  | 'BACKEND_MISMATCH'
  /** Two packages were built for different contracts. */
  | 'VERSION_MISMATCH'
  /** A program failed while it ran. */
  | 'EXECUTION_FAILED'
  /** A part that loads when it is first needed, such as a chunk of a page's bundle, did not arrive. The next call asks again. */
  | 'LOAD_FAILED'
  /** The device, a worker thread or the connection went away. */
  | 'DEVICE_LOST'
  | 'OUT_OF_MEMORY'
  /** Used after `dispose()`, or after donation. */
  | 'DISPOSED'
  /** A read that needs to wait, or something that is not loaded yet, asked for synchronously. */
  | 'WOULD_BLOCK'
  /** StableHLO text, a `.keras` file or a weight file that cannot be read. */
  | 'MALFORMED_INPUT'
  /** The caller's AbortSignal fired. */
  | 'ABORTED'
  /** A call in a state that does not allow it, for example `fit` before `compile`. */
  | 'INVALID_STATE'
  /** A broken invariant of Ceratops itself. */
  | 'INTERNAL';

export interface ErrorFields {
  /** The op, layer, backend or file at fault. */
  readonly subject?: string | undefined;
  readonly expected?: string | undefined;
  readonly received?: string | undefined;
  /** What to do about it. */
  readonly remedy?: string | undefined;
  readonly cause?: unknown;
}

export class CeratopsError extends Error {
  readonly code: ErrorCode;
  /** What was wrong, without the fields; with them an error can cross a wire and be put together again. */
  readonly problem: string;
  readonly subject: string | undefined;
  readonly expected: string | undefined;
  readonly received: string | undefined;
  readonly remedy: string | undefined;

  /** @param problem what was wrong, in a few words; the fields complete the sentence. */
  constructor(code: ErrorCode, problem: string, fields: ErrorFields = {}) {
    super(compose(problem, fields), fields.cause === undefined ? undefined : { cause: fields.cause });
    this.name = 'CeratopsError';
    this.code = code;
    this.problem = problem;
    this.subject = fields.subject;
    this.expected = fields.expected;
    this.received = fields.received;
    this.remedy = fields.remedy;
  }
}

function compose(problem: string, { subject, expected, received, remedy }: ErrorFields): string {
  let text = subject === undefined ? problem : `${subject}: ${problem}`;
  if (expected !== undefined) text += `, expected ${expected}`;
  if (received !== undefined) text += `, received ${received}`;
  if (remedy !== undefined) text += ` — ${remedy}`;
  return text;
}

/** By code and brand rather than by class, so that two copies of the package understand each other. */
export function isCeratopsError(error: unknown, code?: ErrorCode): error is CeratopsError {
  return (
    error instanceof Error &&
    error.name === 'CeratopsError' &&
    (code === undefined || (error as CeratopsError).code === code)
  );
}
