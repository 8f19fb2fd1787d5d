/**
 * `define(name, class)`: a class that works with and without `new`, keeps its name in minified builds, remembers its
 * constructor arguments and is found again when a file names it.
 *
 * Annotate the call as pure (`#__PURE__`) where it initialises an export: an unused class then
 * leaves the bundle together with its registration.
 */

import { type AnyClass, type Registration, registerClass } from '../saving/class-registry.js';

type Constructable = abstract new (...parameters: never[]) => object;

/** A class that may also be called without `new`. */
export type Defined<C extends Constructable> = C &
  ((...parameters: ConstructorParameters<C>) => InstanceType<C>) & { readonly className: string };

export interface DefineOptions {
  /** Keras' public module, for built-in classes only. */
  readonly module?: string | undefined;
  /** Keras' public name of a built-in class, where its class is called otherwise. */
  readonly savedAs?: string | undefined;
  /** Namespace of a custom class in files; `Custom` unless given. */
  readonly package?: string | undefined;
  /** Another class to make for certain arguments: `Model(inputs, outputs)` is a Functional. */
  readonly variant?: ((parameters: readonly unknown[]) => Constructable | undefined) | undefined;
}

const captured = new WeakMap<object, readonly unknown[]>();

/**
 * @param className the name in files and automatic names, whatever a minifier does to the class.
 * @param implementation the class; `class X extends <the result>` works as usual.
 */
export function define<C extends Constructable>(
  className: string,
  implementation: C,
  options: DefineOptions = {},
): Defined<C> {
  const construct = implementation as unknown as new (...parameters: unknown[]) => object;
  function defined(this: unknown, ...parameters: unknown[]): object {
    if (new.target !== undefined && (new.target as unknown) !== defined) {
      return Reflect.construct(construct, parameters, new.target) as object;
    }
    const variant = options.variant?.(parameters) as typeof construct | undefined;
    if (variant !== undefined) return new variant(...parameters);
    const instance = new construct(...parameters);
    captured.set(instance, parameters);
    return instance;
  }
  Object.setPrototypeOf(defined, implementation);
  Object.defineProperty(defined, 'prototype', { value: implementation.prototype, writable: false });
  Object.defineProperty(defined, 'name', { value: className, configurable: true });
  Object.defineProperty(defined, 'className', { value: className });
  Object.defineProperty(implementation.prototype, 'constructor', {
    value: defined,
    writable: true,
    configurable: true,
  });
  const registration: Registration =
    options.module === undefined
      ? { className, package: options.package }
      : { className: options.savedAs ?? className, module: options.module };
  registerClass(defined as unknown as AnyClass, registration);
  return defined as unknown as Defined<C>;
}

/** The arguments an object of a defined class was made with; undefined for subclasses that were not defined. */
export function constructorArguments(instance: object): readonly unknown[] | undefined {
  return captured.get(instance);
}

/** The class's own name: what `define` gave it, else the name the source (or a minifier) gives it. */
export function classNameOf(instance: object): string {
  return ownClassName(instance.constructor) ?? instance.constructor.name;
}

/** Undefined for a class that only inherits a name: `class Tuned extends Dense` must not be saved as Dense. */
export function ownClassName(implementation: object): string | undefined {
  if (!Object.hasOwn(implementation, 'className')) return undefined;
  return (implementation as { readonly className: string }).className;
}

/** True for what `define` returned: a class, not yet an object of it. */
export function isDefinedClass(value: unknown): value is AnyClass {
  return typeof value === 'function' && ownClassName(value) !== undefined && Object.hasOwn(value, 'prototype');
}
