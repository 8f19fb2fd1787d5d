import { type Backend, CeratopsError, isCeratopsError, loadPart } from '@ceratops/kernel-registry';
import type { CpuBackendOptions } from '../engine.js';
import { hasWebWorkers } from '../platform/globals.js';
import { PageBackend } from './page-backend.js';
import type { Port } from './protocol.js';

declare const URL: new (path: string, base: string) => object;
declare const Worker: new (
  url: object,
  options: { readonly type: 'module' },
) => Port & { onerror: ((event: { readonly message?: string }) => void) | null; terminate(): void };
declare const MessageChannel: new () => { readonly port1: Port; readonly port2: Port };

/**
 * A backend whose computing happens in a worker of its own; on the page itself where the worker's script is not to be
 * had, for bundlers that do not know `new Worker(new URL(…, import.meta.url))` leave it out.
 */
export function createPageBackend(options: CpuBackendOptions = {}): Backend {
  if (!hasWebWorkers()) {
    const backend = new PageBackend({ postMessage: () => undefined, onmessage: null }, () => undefined, options);
    void computeHere(backend, 'this host has no workers');
    return backend;
  }
  const worker = new Worker(new URL('./compute.js', (import.meta as unknown as { readonly url: string }).url), {
    type: 'module',
  });
  const backend = new PageBackend(worker, () => worker.terminate(), options);
  worker.onerror = ({ message }) => {
    const reason = message ?? 'its script did not load';
    if (backend.hasAnswered) backend.falter(failure(reason, 'call again; if the worker has died, a new one starts'));
    else {
      worker.terminate();
      void computeHere(backend, reason);
    }
  };
  return backend;
}

function failure(received: string, remedy?: string): CeratopsError {
  return new CeratopsError('DEVICE_LOST', 'the worker failed', { subject: 'cpu', received, remedy });
}

async function computeHere(backend: PageBackend, reason: string): Promise<void> {
  try {
    const { serve } = await loadPart(() => import('./server.js'));
    const { port1, port2 } = new MessageChannel();
    serve(port2, async () => (await import('./late.js')).lateParts);
    backend.moveTo(port1);
  } catch (error) {
    if (isCeratopsError(error, 'LOAD_FAILED')) {
      backend.stall(error, () => void computeHere(backend, reason));
      return;
    }
    backend.lose(failure(`${reason}; ${error}`));
  }
}
