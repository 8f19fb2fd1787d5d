/** What is known of a value without any device. */
import { expandLiteral, type HostArray, type Literal } from '@ceratops/kernel-registry';
import type { Node } from './node.js';

/** Elements that need no device: host data and constants. */
export function hostElements(node: Node): HostArray | undefined {
  if (node.host !== null) return node.host;
  if (node.operation?.op !== 'constant') return undefined;
  return expandLiteral((node.operation.attributes as { readonly value: Literal }).value);
}
