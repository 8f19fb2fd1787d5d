/** A case as text. */

import { formatType, type HostArray } from '@ceratops/kernel-registry';
import { printStableHLO } from '@ceratops/kernel-registry/text';
import type { Case } from './random-program.js';

const mostElements = 64;

function listed(data: HostArray): string {
  const shown = Array.from(data.slice(0, mostElements) as Float64Array, String).join(', ');
  return `${data.constructor.name}[${shown}${data.length > mostElements ? `, … ${data.length} in all` : ''}]`;
}

export function described({ program, inputs }: Case): string {
  const data = inputs.map((array, i) => `  %arg${i}: ${formatType(program.inputs[i]!.type)} = ${listed(array)}`);
  return [printStableHLO(program).trimEnd(), 'on', ...data].join('\n');
}
