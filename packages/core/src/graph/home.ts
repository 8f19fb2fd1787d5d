/** Which backend a set of values lives on. */
import { CeratopsError } from '@ceratops/kernel-registry';
import { currentEngine } from '../engine/default-engine.js';
import type { Engine } from '../engine/engine.js';
import { hostLeaf, type Node } from './node.js';
import { leakedTracer } from './trace-frame.js';

/**
 * The engine that these values of eager code share, and the values on it: small ones whose elements are on the host
 * come along from anywhere.
 * @throws CeratopsError BACKEND_MISMATCH when they live on two backends.
 */
export function settle(subject: string, nodes: readonly Node[]): { engine: Engine; nodes: Node[] } {
  const homes = new Set<Engine>();
  let guest: Engine | null = null;
  for (const node of nodes) {
    if (node.frame !== null) throw leakedTracer(node, subject);
    if (node.engine === null) continue;
    if (node.host === null) homes.add(node.engine);
    else guest = node.engine;
  }
  if (homes.size > 1) throw mixed(subject, homes);
  const [home] = homes;
  const engine =
    home ?? (nodes.every((node) => node.engine === null || node.engine === guest) ? guest : null) ?? currentEngine();
  const moved = nodes.map((node) => {
    const stays = node.engine === null || node.engine === engine;
    return stays ? node : hostLeaf(node.type, node.host!, null);
  });
  return { engine, nodes: moved };
}

function mixed(subject: string, homes: ReadonlySet<Engine>): CeratopsError {
  return new CeratopsError('BACKEND_MISMATCH', 'tensors of different backends met', {
    subject,
    expected: 'tensors of one backend',
    received: [...homes].map(({ backend }) => backend?.name ?? 'a backend that is loading').join(' and '),
    remedy: 'set the backend first, or carry values over: tensor(await x.data(), { shape: x.shape })',
  });
}
