import type { Group } from '../grouping.js';
import type { LoweringContext } from './context.js';
import { lowerMap } from './map.js';
import { lowerReduce } from './reduce.js';

export function lowerGroup(context: LoweringContext, group: Group, number: number): void {
  (group.reductions.length > 0 ? lowerReduce : lowerMap)(context, group, number);
}
