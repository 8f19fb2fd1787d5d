/** Nodes of ops from Keras' JSON form. */

import { CeratopsError } from '@ceratops/kernel-registry';
import { OpCall, opNamed } from '../engine/operation.js';
import type { Config } from '../engine/table.js';

/** Whether a file's `module` is one of ops. */
export function isOpModule(module: unknown): boolean {
  return typeof module === 'string' && module.startsWith('keras.src.ops');
}

/** An op's node from a file's config, or undefined for a class name that no op has. */
export function opFromConfig(className: string, config: Config): OpCall | undefined {
  const op = opNamed(className);
  if (op === undefined) return undefined;
  const { options: keys = {}, defaults = {} } = op.declaration;
  const options: Record<string, unknown> = {};
  for (const [name, key] of Object.entries(keys)) {
    if (config[key] !== undefined && config[key] !== (defaults[key] ?? null)) options[name] = config[key];
  }
  const known = ['name', ...Object.values(keys)];
  for (const [key, value] of Object.entries(config)) {
    if (known.includes(key) || value === (defaults[key] ?? null)) continue;
    throw new CeratopsError('UNSUPPORTED', `there is no option '${key}'`, {
      subject: className,
      expected: `${key} ${JSON.stringify(defaults[key] ?? null)}`,
      received: JSON.stringify(value),
    });
  }
  const name = typeof config.name === 'string' ? config.name : undefined;
  return new OpCall(op, op.declaration, options, name);
}
