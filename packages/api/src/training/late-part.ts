import { loadPart } from '@ceratops/kernel-registry';

/** What only some calls need; see `late/index.ts`. */
export function latePart(): Promise<typeof import('./late/index.js')> {
  return loadPart(() => import('./late/index.js'));
}
