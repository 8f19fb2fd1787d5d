/**
 * Objects to and from Keras' JSON form: `{ module, class_name, config, registered_name, build_config?, compile_config? }`.
 * Nothing in such a form is ever executed: classes come from the registry or from `customObjects`, functions by name.
 */

import { CeratopsError } from '@ceratops/kernel-registry';
import { classNameOf, ownClassName } from '../engine/define.js';
import { isKerasTensor } from '../engine/keras-tensor.js';
import { isLayer } from '../engine/layer-state.js';
import { unknownName } from '../engine/near-names.js';
import { OpCall, opFromConfig } from '../engine/operation.js';
import { show } from '../engine/show.js';
import { type Config, isPlainObject, type Json } from '../engine/table.js';
import {
  type AnyClass,
  findClass,
  knownClassNames,
  registerClass,
  registeredName,
  registrationOf,
} from './class-registry.js';

/** Classes and functions by name, for files that name something this package does not know. */
export type CustomObjects = { readonly [name: string]: unknown };

const scopes: CustomObjects[] = [];

/** Makes `objects` known to everything that `body` loads. */
export function withCustomObjects<T>(objects: CustomObjects | undefined, body: () => T): T {
  if (objects === undefined) return body();
  scopes.push(objects);
  try {
    return body();
  } finally {
    scopes.pop();
  }
}

/** Gives a class its name in files; `define` does the same and more. */
export function registerKerasSerializable<C extends AnyClass>(
  implementation: C,
  options: { name?: string; package?: string } = {},
): C {
  const className = options.name ?? ownClassName(implementation) ?? implementation.name;
  if (!Object.hasOwn(implementation, 'className'))
    Object.defineProperty(implementation, 'className', { value: className });
  registerClass(implementation, { className, package: options.package });
  return implementation;
}

/** The name under which a class is registered: `Custom>MyLayer`. */
export function getRegisteredName(implementation: AnyClass): string {
  const registration = registrationOf(implementation);
  return registration === undefined ? implementation.name : registeredName(registration);
}

/** Anything with `getConfig`, functions, and nests of them and of plain data. @throws INVALID_STATE for what has no name. */
export function serializeKerasObject(value: unknown): Json {
  if (value === undefined || value === null) return null;
  if (typeof value === 'boolean' || typeof value === 'number' || typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(serializeKerasObject);
  if (isPlainObject(value))
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, serializeKerasObject(item)]));
  if (value instanceof OpCall) return serializeOp(value);
  if (isKerasTensor(value))
    return { class_name: '__keras_tensor__', config: { shape: value.shape, dtype: value.dtype } };
  if (hasConfig(value)) return serializeInstance(value);
  if (typeof value === 'function')
    return { module: 'builtins', class_name: 'function', config: value.name, registered_name: value.name };
  throw new CeratopsError('INVALID_STATE', 'cannot be saved', {
    subject: show(value),
    remedy: 'write getConfig() and static fromConfig()',
  });
}

interface Configured {
  getConfig(): Config;
}

function hasConfig(value: unknown): value is Configured & object {
  return (
    ((typeof value === 'object' && value !== null) || typeof value === 'function') &&
    typeof (value as Partial<Configured>).getConfig === 'function'
  );
}

function serializeOp(op: OpCall): Json {
  const { className, module } = op.declaration;
  return {
    module: `keras.src.ops.${module}`,
    class_name: className,
    config: op.getConfig(),
    registered_name: className,
  };
}

function serializeInstance(value: Configured & object): Json {
  const registration = registrationOf(value.constructor);
  if (registration === undefined || ownClassName(value.constructor) === undefined) {
    throw new CeratopsError('INVALID_STATE', `the class ${classNameOf(value)} has no name of its own`, {
      subject: show(value),
      remedy: `make it with define('${classNameOf(value)}', class …) or registerKerasSerializable(…): a build may rename classes`,
    });
  }
  const { className, module } = registration;
  const serialized: Record<string, Json> = {
    module: module ?? null,
    class_name: className,
    config: value.getConfig(),
    registered_name:
      module === undefined ? registeredName(registration) : module.startsWith('keras.src') ? className : null,
  };
  const { getBuildConfig, getCompileConfig } = value as {
    getBuildConfig?: () => Config | undefined;
    getCompileConfig?: () => Config | undefined;
  };
  const build = isLayer(value) && value.built ? getBuildConfig?.call(value) : undefined;
  if (build !== undefined) serialized.build_config = build;
  const compile = getCompileConfig?.call(value);
  if (compile !== undefined) serialized.compile_config = compile;
  return serialized;
}

/**
 * The object that a JSON form describes. Synchronous: built-in classes that the program never named must have been
 * imported before (`loadModel` does that).
 * @throws UNKNOWN_NAME with the near names; MALFORMED_INPUT.
 */
export function deserializeKerasObject(json: Json, customObjects?: CustomObjects): unknown {
  return withCustomObjects(customObjects, () => revive(json));
}

function revive(json: Json): unknown {
  if (Array.isArray(json)) return json.map(revive);
  if (!isPlainObject(json)) return json;
  const className = json.class_name;
  if (typeof className !== 'string')
    return Object.fromEntries(Object.entries(json).map(([key, item]) => [key, revive(item as Json)]));
  if (className === 'function') return reviveFunction(String(json.config));
  const config = (json.config ?? {}) as Config;
  const op =
    typeof json.module === 'string' && json.module.startsWith('keras.src.ops')
      ? opFromConfig(className, config)
      : undefined;
  if (op !== undefined) return op;
  const found = classFor(className, json.registered_name, json.module);
  return construct(found, className, config, json.build_config as Config | undefined);
}

/** Revives what the current custom objects name, and leaves the rest as it is: for configs that are looked up later. */
export function reviveCustom(json: Json): unknown {
  if (Array.isArray(json)) return json.map(reviveCustom);
  if (!isPlainObject(json)) return json;
  const { class_name: className, registered_name: registered, config } = json;
  if (typeof className !== 'string')
    return Object.fromEntries(Object.entries(json).map(([key, item]) => [key, reviveCustom(item as Json)]));
  const names = className === 'function' ? [config] : [registered, className];
  return names.some((name) => typeof name === 'string' && custom(name) !== undefined) ? revive(json) : json;
}

function custom(name: string): unknown {
  for (const scope of [...scopes].reverse()) if (Object.hasOwn(scope, name)) return scope[name];
  return undefined;
}

function classFor(className: string, registered: unknown, module: unknown): AnyClass {
  const named = typeof registered === 'string' ? custom(registered) : undefined;
  const found = named ?? custom(className) ?? findClass(className, registered, module);
  if (typeof found === 'function') return found as AnyClass;
  throw unknownName('class', className, knownClassNames(), `give it as customObjects: { ${className} }`);
}

function reviveFunction(name: string): unknown {
  const found = custom(name);
  if (typeof found === 'function') return found;
  throw unknownName(
    'function',
    name,
    scopes.flatMap((scope) => Object.keys(scope)),
    `give it as customObjects: { ${name} }`,
  );
}

function construct(implementation: AnyClass, className: string, config: Config, build: Config | undefined): unknown {
  const { fromConfig } = implementation as { fromConfig?: (config: Config) => unknown };
  if (typeof fromConfig !== 'function') {
    throw new CeratopsError('INVALID_STATE', 'cannot be loaded', {
      subject: className,
      remedy: 'write static fromConfig(config)',
    });
  }
  const instance = fromConfig.call(implementation, config);
  if (build !== undefined && build !== null && isLayer(instance) && !instance.built) instance.buildFromConfig(build);
  return instance;
}
