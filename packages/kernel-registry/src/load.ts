/** Parts that load when they are first needed: modules of their own, which bundlers for pages make chunks of. */
import { CeratopsError, isCeratopsError } from './errors.js';

/**
 * What `part` imports; it is asked a second time when the first fails, since a page's requests get lost.
 * @throws CeratopsError LOAD_FAILED when that fails too. Nothing is remembered: the next call asks again.
 */
export async function loadPart<T>(part: () => Promise<T>): Promise<T> {
  try {
    return await part().catch(part);
  } catch (cause) {
    if (isCeratopsError(cause)) throw cause;
    throw new CeratopsError('LOAD_FAILED', 'a part of the program did not load', {
      received: String(cause),
      remedy: 'see that all chunks of the bundle are served, and call again',
      cause,
    });
  }
}
