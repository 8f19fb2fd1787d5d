/** Asking the JavaScript engine for a collection, as far as it lets itself be asked, and letting finalisers run. */
import { host } from '../host.js';
import { hostCollector } from '../platform/node.js';
import { runtime } from '../runtime.js';

/** What is left to do once an object is collected; it must not hold the object. */
export interface Remains {
  finalise(): void;
}

/** There is one registry for all: engines work off one registry per task. */
export function finaliser(): FinalizationRegistry<Remains> {
  const state = runtime();
  state.finaliser ??= new FinalizationRegistry((remains) => remains.finalise());
  return state.finaliser;
}

/** Engines count it as pressure from outside their heap; it is never touched, so it takes no memory. */
const pressureBytes = 256 * 2 ** 20;

const finaliserTurns = 4;

/** One attempt; finalisers of what it collected have run when it resolves. */
export async function provokeCollection(): Promise<void> {
  const collect = collector();
  if (collect !== undefined) collect();
  else applyPressure();
  // Engines run finalisers in tasks of their own, which may come after ours.
  for (let turn = 0; turn < finaliserTurns; turn++) await macrotask();
}

/** True when one attempt finds all garbage. */
export function collectsExactly(): boolean {
  return collector() !== undefined;
}

function collector(): (() => void) | undefined {
  return host.gc ?? hostCollector();
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
