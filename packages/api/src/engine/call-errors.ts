/** Errors from inside a layer, a loss or a metric say which one it was. */

import { CeratopsError, isCeratopsError } from '@ceratops/kernel-registry';

const placed = new WeakSet<object>();

/** Runs `body`; an error of an op inside it gets the innermost subject's name in front and its inputs' shapes. */
export function naming<T>(subject: object | string, inputs: () => string, body: () => T): T {
  try {
    return body();
  } catch (error) {
    if (!isCeratopsError(error) || placed.has(error)) throw error;
    const own = error.subject?.startsWith(`${subject}`) === true;
    const named = own ? error : renamed(`${subject}`, inputs(), error);
    placed.add(named);
    throw named;
  }
}

function renamed(subject: string, inputs: string, error: CeratopsError): CeratopsError {
  const { expected, received, remedy } = error;
  const inner = error.subject === undefined || subject.startsWith(error.subject) ? '' : `${error.subject}: `;
  return new CeratopsError(error.code, `${inner}${error.problem} (called on ${inputs})`, {
    subject,
    expected,
    received,
    remedy,
    cause: error,
  });
}
