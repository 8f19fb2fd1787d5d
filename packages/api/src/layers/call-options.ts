/** The options of a layer call as files hold them: Keras' names, and what was not given left out. */

import { CeratopsError, didYouMean, nearest } from '@ceratops/kernel-registry';
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

/**
 * @param own options that the layer's calls take besides `training` and `mask`.
 * @throws INVALID_ARGUMENT for any other: passed over, a mask under Keras' own name would hide nothing.
 */
export function checkCallOptions(layer: object, options: CallArguments, own: readonly string[]): void {
  const known = ['training', 'mask', ...own];
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new CeratopsError('INVALID_ARGUMENT', `a call takes no option '${unknown}'`, {
    subject: `${layer}`,
    expected: `some of ${known.join(', ')}`,
    remedy: didYouMean(nearest(unknown, known)),
  });
}

function renamed(options: CallArguments, rename: (key: string) => string): CallArguments {
  const given = Object.entries(options).filter(([, value]) => value !== undefined && value !== null);
  return Object.fromEntries(given.map(([key, value]) => [rename(key), value]));
}
