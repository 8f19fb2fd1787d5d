/** Keras' automatic names: `dense`, `dense_1`, …; and the stack of name scopes that gives variables their paths. */

import { CeratopsError } from '@ceratops/kernel-registry';
import { show } from './show.js';

let uses = new Map<string, number>();
const scopes: NameScope[] = [];

interface NameScope {
  readonly name: string;
  readonly owner: object | undefined;
  /** An absolute path that replaces everything opened before. */
  readonly parentPath: string | undefined;
}

/** `MaxPooling2D` → `max_pooling2d`, `PReLU` → `p_re_lu`, as Keras spells it. */
export function toSnakeCase(name: string): string {
  return name
    .replace(/\W+/g, '')
    .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();
}

/** `dense` the first time, then `dense_1`, `dense_2`, … */
export function uniquify(name: string): string {
  const count = uses.get(name) ?? 0;
  uses.set(name, count + 1);
  return count === 0 ? name : `${name}_${count}`;
}

/** A fresh automatic name for an object of this class. */
export function autoName(className: string): string {
  return uniquify(toSnakeCase(className));
}

/** Makes automatic names start over, as `clearSession` does. */
export function resetNames(): void {
  uses = new Map();
}

/** Names become path segments, so they cannot hold a `/`. */
export function checkName(name: unknown, subject: string): string {
  if (typeof name === 'string' && !name.includes('/')) return name;
  throw new CeratopsError('INVALID_ARGUMENT', 'bad name', {
    subject,
    expected: 'a string without "/"',
    received: show(name),
  });
}

/** Runs `body` inside the name scope; the same owner twice in a row opens it once. */
export function withNameScope<T>(
  name: string,
  owner: object | undefined,
  parentPath: string | undefined,
  body: () => T,
): T {
  const top = scopes.at(-1);
  if (owner !== undefined && top?.owner === owner && top.name === name) return body();
  scopes.push({ name, owner, parentPath });
  try {
    return body();
  } finally {
    scopes.pop();
  }
}

/** `model/block/dense`, or the empty string outside every scope. */
export function currentPath(): string {
  let parts: string[] = [];
  for (const { name, parentPath } of scopes) {
    if (parentPath !== undefined) parts = parentPath.split('/').filter((part) => part !== '');
    parts.push(name);
  }
  return parts.join('/');
}
