/** Errors from inside a layer's `call` say which layer it was. */

import { CeratopsError, isCeratopsError } from '@ceratops/kernel-registry';
import type { AnyLayer } from './call-context.js';

const placed = new WeakSet<object>();

/** Runs `body`; an error of an op inside it gets the innermost layer's name and its input shapes in front. */
export function namingLayer<T>(layer: AnyLayer, inputs: () => string, body: () => T): T {
  try {
    return body();
  } catch (error) {
    if (!isCeratopsError(error) || placed.has(error)) throw error;
    const own = error.subject?.startsWith(`${layer}`) === true;
    const named = own ? error : renamed(layer, inputs(), error);
    placed.add(named);
    throw named;
  }
}

function renamed(layer: AnyLayer, inputs: string, error: CeratopsError): CeratopsError {
  const { expected, received, remedy } = error;
  const [problem] = error.message.split(/, expected |, received | — /);
  return new CeratopsError(error.code, `${problem} (called on ${inputs})`, {
    subject: `${layer}`,
    expected,
    received,
    remedy,
    cause: error,
  });
}
