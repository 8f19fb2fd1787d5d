/**
 * Objects that can be called: layers, losses, metrics, initializers. The constructor returns an arrow function with the
 * class's prototype, so fields, `#private` names, accessors and `instanceof` work on it; no Proxy, no `extends Function`
 * (whose `super()` is `eval` and forbidden by strict pages).
 *
 * Also the guard for compiled-down `#private` calls: below ES2022 `this.#dense(x)` becomes `f.call(this, x)`, which would
 * reach Keras' own method `call`. Once per class, `call` is wrapped so that a callable (or undefined) first argument
 * followed by another means "invoke".
 */

import { CeratopsError } from '@ceratops/kernel-registry';

/** What `console.log` asks for in Node, Deno and Bun. */
export const inspectKey: symbol = Symbol.for('nodejs.util.inspect.custom');
const callableBrand: symbol = Symbol.for('ceratops.callable');
const guarded = new WeakSet<object>();

type Method = (this: unknown, ...parameters: unknown[]) => unknown;

export abstract class Callable {
  constructor() {
    const self = ((...parameters: unknown[]) =>
      (self as unknown as Callable).invoke(...(parameters as never[]))) as unknown as this;
    Object.setPrototypeOf(self, new.target.prototype);
    for (const key of ['name', 'length']) {
      Object.defineProperty(self, key, { value: undefined, writable: true, configurable: true, enumerable: false });
    }
    Object.defineProperty(self, callableBrand, { value: true });
    guardCall(new.target.prototype);
    // biome-ignore lint/correctness/noConstructorReturn: returning a function is what makes the object callable
    return self;
  }

  /** What `object(...)` does. */
  abstract invoke(...parameters: never[]): unknown;

  /** Text may name it; arithmetic on it is an error. */
  [Symbol.toPrimitive](hint: string): string {
    if (hint === 'string') return this.toString();
    throw new CeratopsError('INVALID_ARGUMENT', 'JavaScript operators do not work on it', {
      subject: this.toString(),
      remedy: 'call it, and use ops.add(a, b), ops.multiply(a, b), … on what it returns',
    });
  }

  toString(): string {
    return `<${this.constructor.name}>`;
  }

  /** What `console.log` shows: text, or an object to show instead. */
  $inspect(): unknown {
    return this.toString();
  }
}

Object.defineProperty(Callable.prototype, inspectKey, {
  value(this: Callable): unknown {
    return this.$inspect();
  },
});

/** True for any object made by a `Callable` constructor, of this or another copy of the package. */
export function isCallableObject(value: unknown): value is Callable {
  return typeof value === 'function' && callableBrand in value;
}

/** Replaces own methods of a class's prototype chain, once per class: `wrap` gets each method and gives its substitute. */
export function wrapMethods(
  prototype: object,
  name: string,
  done: WeakSet<object>,
  wrap: (method: Method) => Method,
): void {
  for (
    let object: object | null = prototype;
    object !== null && object !== Function.prototype;
    object = Object.getPrototypeOf(object)
  ) {
    if (done.has(object)) return;
    done.add(object);
    const descriptor = Object.getOwnPropertyDescriptor(object, name);
    if (typeof descriptor?.value !== 'function') continue;
    Object.defineProperty(object, name, { ...descriptor, value: wrap(descriptor.value as Method) });
  }
}

function guardCall(prototype: object): void {
  wrapMethods(prototype, 'call', guarded, (method) => {
    return function call(this: unknown, ...parameters: unknown[]): unknown {
      const [first] = parameters;
      const compiledDown = parameters.length > 1 && (first === undefined || isCallableObject(first));
      if (!compiledDown) return method.apply(this, parameters);
      return (this as Callable).invoke(...(parameters.slice(1) as never[]));
    };
  });
}
