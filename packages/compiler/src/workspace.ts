/** Memory of library steps for themselves alone. A late part. */

import type { LoweringContext } from './lower/context.js';
import type { DraftStep } from './storage.js';

/** The steps so far; see `Target.workspace`. */
export function withWorkspaces(context: LoweringContext): readonly DraftStep[] {
  const { target, steps } = context;
  const { workspace } = target;
  if (workspace === undefined) return steps;
  return steps.map((step) => {
    const bytes = step.kind === 'library' ? workspace(step.query) : 0;
    if (step.kind !== 'library' || bytes === 0) return step;
    const own = context.scratch('uint8', bytes);
    return {
      ...step,
      writes: [...step.writes, own],
      finish: (buffer) => ({ ...step.finish(buffer), workspace: buffer(own) }),
    };
  });
}
