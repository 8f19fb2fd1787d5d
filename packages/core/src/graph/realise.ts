/** From a node of eager code to its elements. */
import { CeratopsError, formatType, type HostArray } from '@ceratops/kernel-registry';
import { currentEngine } from '../engine/default-engine.js';
import type { Engine } from '../engine/engine.js';
import { hostElements } from './host-elements.js';
import { buffered, floating, type Node, traced } from './node.js';
import { leakedTracer } from './trace-frame.js';

/** Small tensors that were read stay on the host, so that printing them shows their values. */
const keptElements = 64;

export function readNode(node: Node): Promise<HostArray> {
  const reading = readAsync(node);
  // Whoever awaits it sees the failure; nobody has to.
  reading.catch(() => {});
  return reading;
}

async function readAsync(node: Node): Promise<HostArray> {
  checkReadable(node);
  const known = hostElements(node);
  if (known !== undefined) return known.slice();
  const engine = node.engine ?? currentEngine();
  if (node.state !== buffered && engine.mayExceed(node)) await makeRoom(engine, node);
  const reading = engine.read(engine.computed(node));
  engine.releaseIfUnused(node);
  const data = await reading;
  keep(node, data);
  if (engine.memory.overSlack) await engine.memory.reclaim();
  return data;
}

/** Whatever happens to the tensor meanwhile, the value is still asked for. */
async function makeRoom(engine: Engine, node: Node): Promise<void> {
  node.uses++;
  await engine.memory.reclaim();
  node.uses--;
}

export function readNodeSync(node: Node): HostArray {
  checkReadable(node);
  const known = hostElements(node);
  if (known !== undefined) return known.slice();
  const engine = node.engine ?? currentEngine();
  const data = engine.readSync(engine.computed(node));
  keep(node, data);
  return data;
}

function keep(node: Node, data: HostArray): void {
  if (node.state !== floating && node.type.size <= keptElements) node.host = data.slice();
}

function checkReadable(node: Node): void {
  if (node.state !== traced) return;
  if (!node.frame!.open) throw leakedTracer(node, 'read');
  throw new CeratopsError('INVALID_STATE', 'a traced value has no elements yet', {
    subject: node.frame!.label,
    received: formatType(node.type),
    remedy: 'read it outside of the traced function, or return it from there',
  });
}
