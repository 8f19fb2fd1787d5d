/** What ops beyond the opset mean in it: one row per op of StableHLO and CHLO that the importer takes so far. */

import { bitExpansions } from './bits.js';
import { chloExpansions } from './chlo.js';
import type { Expansion } from './expansion.js';
import { plainExpansions } from './plain.js';

export const expansions: Readonly<Partial<Record<string, Expansion>>> = {
  ...plainExpansions,
  ...bitExpansions,
  ...chloExpansions,
};
