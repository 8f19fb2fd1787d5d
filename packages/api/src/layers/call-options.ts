/** The options of a layer call as files hold them: Keras' names, and what was not given left out. */

import type { CallArguments } from '../engine/node.js';
import { snake } from '../ops/support.js';

/** `useCausalMask` → `use_causal_mask`. */
export function kerasOptions(options: CallArguments): CallArguments {
  return renamed(options, snake);
}

/** `use_causal_mask` → `useCausalMask`. */
export function ownOptions(options: CallArguments): CallArguments {
  return renamed(options, (key) => key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()));
}

function renamed(options: CallArguments, rename: (key: string) => string): CallArguments {
  const given = Object.entries(options).filter(([, value]) => value !== undefined && value !== null);
  return Object.fromEntries(given.map(([key, value]) => [rename(key), value]));
}
