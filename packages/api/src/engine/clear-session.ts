/** Forgetting what earlier models left behind. */

import { resetNames } from './naming.js';
import { randomStreams } from './random-state.js';

/** Automatic names start over (`dense`, `dense_1`, …) and the global seed generator is made anew. */
export function clearSession(): void {
  resetNames();
  randomStreams().generator = undefined;
}
