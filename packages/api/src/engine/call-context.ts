/** What nested layer calls share: the training flag of the outermost call, and who is calling whom. */

import type { Layer } from './layer.js';

/** Any layer, whatever it takes and gives. */
export type AnyLayer = Layer<never, unknown>;

export interface CallContext {
  readonly training: boolean | undefined;
  /** The layer whose `call` is running. */
  readonly layer: AnyLayer;
  readonly parent: CallContext | undefined;
}

let current: CallContext | undefined;

export function callContext(): CallContext | undefined {
  return current;
}

/** Runs `body` as the call of `layer`. */
export function inCallOf<T>(layer: AnyLayer, training: boolean | undefined, body: () => T): T {
  const parent = current;
  current = { layer, training: training ?? parent?.training, parent };
  try {
    return body();
  } finally {
    current = parent;
  }
}
