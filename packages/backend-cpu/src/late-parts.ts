import type { LateParts as CompilerLateParts } from '@ceratops/compiler';

/** What few programs need: a page's worker loads it when one does, elsewhere it is there from the start. */
export interface LateParts {
  readonly compiler: CompilerLateParts;
}
