import { loadPart } from '@ceratops/kernel-registry';

/** Writing files and reading weights: what a model's own methods need. */
export function filePart(): Promise<typeof import('./keras-file.js')> {
  return loadPart(() => import('./keras-file.js'));
}
