/** The late parts themselves; see late-parts.ts. */

import { lateParts as compiler } from '@ceratops/compiler/late';
import type { LateParts } from './late-parts.js';

export const lateParts: LateParts = { compiler };
