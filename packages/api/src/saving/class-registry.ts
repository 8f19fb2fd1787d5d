/**
 * Which class answers to which name in a file. `define` fills it for classes in use; lazy tables (see `lazyClasses`) know
 * the built-in classes that the program never named.
 *
 * Built-in classes are found by class name alone, since Keras itself moved them between modules; everybody else's by
 * `package>Name`, as `registered_name` spells it.
 */

import type { Json } from '../engine/table.js';

/** Any class; called through Reflect only. */
export type AnyClass = Function & { readonly prototype: object };

export interface Registration {
  readonly className: string;
  /** Keras' public module (`keras.layers`) for built-in classes. */
  readonly module?: string | undefined;
  /** The package of a custom class; `Custom` unless said otherwise. */
  readonly package?: string | undefined;
}

interface Entry extends Registration {
  readonly implementation: AnyClass;
}

/** By class name, then by module: `keras.losses` and `keras.metrics` share class names. */
const builtIn = new Map<string, Map<string, Entry>>();
const custom = new Map<string, Entry>();
const byClass = new WeakMap<object, Entry>();

/** Registers a class; a later registration of the same name replaces the earlier (hot reloading does that). */
export function registerClass(implementation: AnyClass, registration: Registration): void {
  const entry = { ...registration, implementation };
  byClass.set(implementation, entry);
  const { className, module } = registration;
  if (module === undefined) custom.set(registeredName(registration), entry);
  else if (!builtIn.has(className)) builtIn.set(className, new Map([[module, entry]]));
  else builtIn.get(className)!.set(module, entry);
}

/** `Custom>MyLayer`. */
export function registeredName({ package: owner = 'Custom', className }: Registration): string {
  return `${owner}>${className}`;
}

export function registrationOf(implementation: object): Registration | undefined {
  return byClass.get(implementation);
}

/** How files hold an object of a registered class. */
export function serializedForm(registration: Registration, config: Json): Record<string, Json> {
  const { className, module } = registration;
  const isInner = module?.startsWith('keras.src') === true;
  return {
    module: module ?? null,
    class_name: className,
    config,
    registered_name: module === undefined ? registeredName(registration) : isInner ? className : null,
  };
}

/** A registered class by `registered_name` or by plain class name; of several with one name, that of the module. */
export function findClass(className: string, registered?: unknown, module?: unknown): AnyClass | undefined {
  const named = typeof registered === 'string' ? custom.get(registered) : undefined;
  const modules = builtIn.get(className);
  const [first] = modules?.values() ?? [];
  return (named ?? custom.get(className) ?? modules?.get(String(module)) ?? first)?.implementation;
}

const functions = new Map<string, Function>();
const functionNames = new WeakMap<Function, string>();

/** Registers a loss, a metric or any other function that files may name. */
export function registerFunction(implementation: Function, registration: Registration): void {
  const name = registeredName(registration);
  functions.set(name, implementation);
  functionNames.set(implementation, name);
}

/** How files name a function: `Custom>myLoss` where it is registered, else by its own name. */
export function functionNameOf(implementation: Function): string {
  return functionNames.get(implementation) ?? implementation.name;
}

export function findFunction(name: string): Function | undefined {
  return functions.get(name);
}

export function knownClassNames(): string[] {
  return [...builtIn.keys(), ...[...custom.values()].map(({ className }) => className)];
}
