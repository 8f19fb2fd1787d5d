/** The text of every op: a total table, one row per op. */

import type { OpName } from '../opset.js';
import { contractionTexts } from './op-contraction.js';
import { elementwiseTexts, plainTexts } from './op-elementwise.js';
import { regionTexts } from './op-region.js';
import type { OpTexts } from './op-text.js';

export const opTexts: OpTexts<OpName> = { ...plainTexts, ...elementwiseTexts, ...contractionTexts, ...regionTexts };
