/** Any value in an error message: short, and never an error itself. */

import { isCallableObject } from './callable.js';

const longest = 200;

export function show(value: unknown): string {
  if (typeof value === 'string') return shortened(`'${value}'`);
  if (isCallableObject(value)) return value.toString();
  if (typeof value === 'function')
    return value.name === '' || typeof value.name !== 'string' ? 'a function' : `the function ${value.name}`;
  if (typeof value !== 'object' || value === null) return String(value);
  if ('then' in value) return 'a promise, which somebody has to await';
  try {
    const plain = Array.isArray(value) || [Object.prototype, null].includes(Object.getPrototypeOf(value));
    return shortened(plain ? JSON.stringify(value) : String(value));
  } catch {
    return Array.isArray(value) ? `an array of ${value.length}` : 'an object';
  }
}

function shortened(text: string): string {
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}
