import { nodeModule } from '../platform/node.js';
import type { WorkerHandle } from '../platform/threads.js';

declare const URL: new (path: string, base: string) => object;
declare const Worker: new (url: object, options: { readonly type: 'module' }) => WorkerHandle;

type NodeWorker = new (url: object) => WorkerHandle;

/** Starts worker.js. Bundlers recognise exactly this form of `new Worker`. */
export function spawnWorker(): WorkerHandle {
  const threads = nodeModule<{ readonly Worker: NodeWorker }>('worker_threads');
  if (threads !== undefined)
    return new threads.Worker(new URL('./worker.js', (import.meta as unknown as { readonly url: string }).url));
  return new Worker(new URL('./worker.js', (import.meta as unknown as { readonly url: string }).url), {
    type: 'module',
  });
}
