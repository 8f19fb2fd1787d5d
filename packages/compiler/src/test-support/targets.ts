/** Targets that nobody runs on. */

import { lateParts } from '../late.js';
import type { Target } from '../target.js';

/** No library, and items so small that even tiny programs have several. */
export const tinyTarget: Target = {
  name: 'test',
  library: () => false,
  rows: true,
  late: lateParts,
  alignment: 16,
  itemCost: 24,
};

/** Items as large as on a CPU. */
export const wideTarget: Target = {
  name: 'test',
  library: () => false,
  rows: true,
  late: lateParts,
  alignment: 64,
  itemCost: 16384,
};
