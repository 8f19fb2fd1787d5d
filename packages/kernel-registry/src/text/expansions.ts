/**
 * Ops of StableHLO that the opset expresses by others: what each means in it. A row may also take an op of the opset
 * when the text uses it in a way the opset has not.
 */

import type { Emitter, Value } from '../builder.js';
import type { ReadContext } from './op-text.js';

export type Expansion = (emitter: Emitter, operands: readonly Value[], context: ReadContext) => readonly Value[];

export const expansions: Readonly<Partial<Record<string, Expansion>>> = {};
