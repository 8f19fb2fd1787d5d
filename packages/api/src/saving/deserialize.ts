/**
 * Objects from Keras' JSON form. Nothing in such a form is ever executed: classes come from the registry or from
 * `customObjects`, functions by name.
 */

import { tensor } from '@ceratops/core';
import { CeratopsError, type DType } from '@ceratops/kernel-registry';
import { isLayer } from '../engine/layer-state.js';
import { ModelClass } from '../engine/model.js';
import { unknownName } from '../engine/near-names.js';
import { type Config, isPlainObject, type Json } from '../engine/table.js';
import { type AnyClass, findClass, findFunction, knownClassNames } from './class-registry.js';
import { type CustomObjects, customObjects, withCustomObjects } from './custom-objects.js';
import { modelFromConfig } from './model-configs.js';
import { isOpModule, opFromConfig } from './op-nodes.js';

/**
 * The object that a JSON form describes. Synchronous: built-in classes that the program never named must have been
 * imported before (`loadModel` does that).
 * @throws UNKNOWN_NAME with the near names; MALFORMED_INPUT.
 */
export function deserializeKerasObject(json: Json, objects?: CustomObjects): unknown {
  return withCustomObjects(objects, () => revive(json));
}

function revive(json: Json): unknown {
  if (Array.isArray(json)) return json.map(revive);
  if (!isPlainObject(json)) return json;
  const className = json.class_name;
  if (typeof className !== 'string')
    return Object.fromEntries(Object.entries(json).map(([key, item]) => [key, revive(item as Json)]));
  if (className === 'function') return reviveFunction(String(json.config));
  const config = (json.config ?? {}) as Config;
  if (className === '__tensor__' || className === '__numpy__')
    return tensor(config.value as number[], { dtype: config.dtype as DType });
  const op = isOpModule(json.module) ? opFromConfig(className, config) : undefined;
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
  if (className === 'function') return isOwnFunction(String(config)) ? revive(json) : json;
  const isCustom = [registered, className].some((name) => typeof name === 'string' && custom(name) !== undefined);
  return isCustom ? revive(json) : json;
}

function isOwnFunction(name: string): boolean {
  return name.includes('>') || custom(name) !== undefined;
}

function custom(name: string): unknown {
  const known = customObjects();
  return Object.hasOwn(known, name) ? known[name] : undefined;
}

function classFor(className: string, registered: unknown, module: unknown): AnyClass {
  const named = typeof registered === 'string' ? custom(registered) : undefined;
  const found = named ?? custom(className) ?? findClass(className, registered, module);
  if (typeof found === 'function') return found as AnyClass;
  throw unknownName('class', className, knownClassNames(), `give it as customObjects: { ${className} }`);
}

/** By the name in the file, registered or given; also by the part behind the package: `mine>loss` is `loss`. */
function reviveFunction(name: string): unknown {
  const plain = name.slice(name.lastIndexOf('>') + 1);
  const found = custom(name) ?? findFunction(name) ?? custom(plain);
  if (typeof found === 'function') return found;
  throw unknownName('function', name, Object.keys(customObjects()), `give it as customObjects: { ${plain} }`);
}

function construct(implementation: AnyClass, className: string, config: Config, build: Config | undefined): unknown {
  const { fromConfig } = implementation as { fromConfig?: (config: Config) => unknown };
  if (typeof fromConfig !== 'function') {
    throw new CeratopsError('INVALID_STATE', 'cannot be loaded', {
      subject: className,
      remedy: 'write static fromConfig(config)',
    });
  }
  const instance =
    fromConfig === ModelClass.fromConfig
      ? modelFromConfig(implementation, config)
      : fromConfig.call(implementation, config);
  if (build !== undefined && build !== null && isLayer(instance) && !instance.built) instance.buildFromConfig(build);
  return instance;
}
