/** Asking the JavaScript engine for a collection, where that is possible, and letting finalisers run. */
import { host } from '../host.js';

/** Large enough that engines count it as pressure on memory outside their heap; never touched, so never resident. */
const pressureBytes = 256 * 2 ** 20;

/** One attempt; finalisers of what it collected have run when it resolves. */
export async function provokeCollection(round: number): Promise<void> {
  await macrotask();
  if (host.gc !== undefined) host.gc();
  else if (round > 0) applyPressure();
  await macrotask();
}

function applyPressure(): void {
  try {
    new ArrayBuffer(pressureBytes);
  } catch {
    // No address space to spare: that is pressure too.
  }
}

/** One turn of the event loop. */
export function macrotask(): Promise<void> {
  return new Promise((resolve) => {
    if (host.setImmediate !== undefined) host.setImmediate(resolve);
    else host.setTimeout(resolve, 0);
  });
}
