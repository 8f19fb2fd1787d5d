/** Which surrounding values a region names. */

import type { TextRegion } from './tree.js';

/** The names that regions use and do not define, in order of first use; `%x` and `%x#0` are one. */
export function freeNames(regions: readonly TextRegion[]): string[] {
  const free = new Set<string>();
  for (const region of regions) visit(region, new Set(), free);
  return [...free];
}

function visit(region: TextRegion, outer: ReadonlySet<string>, free: Set<string>): void {
  const defined = new Set(outer);
  for (const { name } of region.inputs) defined.add(name);
  for (const op of region.ops) {
    for (const name of op.operands) {
      if (!defined.has(name) && !defined.has(`${name}#0`) && !defined.has(name.replace(/#0$/, ''))) free.add(name);
    }
    for (const inner of op.regions) visit(inner, defined, free);
    for (const name of op.results) defined.add(name);
  }
}
