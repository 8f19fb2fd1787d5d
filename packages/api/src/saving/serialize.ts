/** Objects as Keras' JSON form: `{ module, class_name, config, registered_name, build_config?, compile_config? }`. */

import { isTensor, type Tensor } from '@ceratops/core';
import { CeratopsError } from '@ceratops/kernel-registry';
import { classNameOf, ownClassName } from '../engine/define.js';
import { isKerasTensor } from '../engine/keras-tensor.js';
import { isLayer } from '../engine/layer-state.js';
import { OpCall } from '../engine/operation.js';
import { show } from '../engine/show.js';
import { type Config, isPlainObject, type Json } from '../engine/table.js';
import {
  type AnyClass,
  functionNameOf,
  registerClass,
  registeredName,
  registerFunction,
  registrationOf,
  serializedForm,
} from './class-registry.js';

/** Gives a class or a function its name in files; `define` does the same for classes, and more. */
export function registerKerasSerializable<C extends AnyClass>(
  implementation: C,
  options: { name?: string; package?: string } = {},
): C {
  const className = options.name ?? ownClassName(implementation) ?? implementation.name;
  if (!isClass(implementation)) {
    registerFunction(implementation, { className, package: options.package });
    return implementation;
  }
  if (!Object.hasOwn(implementation, 'className'))
    Object.defineProperty(implementation, 'className', { value: className });
  registerClass(implementation, { className, package: options.package });
  return implementation;
}

/** Files hold objects of classes by their config; a function has none. */
function isClass(implementation: Function): boolean {
  const { prototype } = implementation as { prototype?: object };
  return prototype !== undefined && ('getConfig' in prototype || 'fromConfig' in implementation);
}

/** The name under which a class or a function is registered: `Custom>MyLayer`. */
export function getRegisteredName(implementation: AnyClass): string {
  const registration = registrationOf(implementation);
  return registration === undefined ? functionNameOf(implementation) : registeredName(registration);
}

/** Anything with `getConfig`, functions, and nests of them and of plain data. @throws INVALID_STATE for what has no name. */
export function serializeKerasObject(value: unknown): Json {
  if (value === undefined || value === null) return null;
  if (typeof value === 'boolean' || typeof value === 'number' || typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(serializeKerasObject);
  if (isPlainObject(value))
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, serializeKerasObject(item)]));
  if (isTensor(value)) return constantForm(value);
  if (value instanceof OpCall) return serializeOp(value);
  if (isKerasTensor(value))
    return { class_name: '__keras_tensor__', config: { shape: value.shape, dtype: value.dtype } };
  if (hasConfig(value)) return serializeInstance(value);
  if (typeof value === 'function')
    return { module: 'builtins', class_name: 'function', config: functionNameOf(value), registered_name: 'function' };
  throw new CeratopsError('INVALID_STATE', 'cannot be saved', {
    subject: show(value),
    remedy: 'write getConfig() and static fromConfig()',
  });
}

/** Elements of the tensors that graphs hold as constants; they are read once, and then known. */
export const constants: WeakMap<Tensor, Json> = new WeakMap();
/** While a file is written: constants that are not read yet. */
let unread: Tensor[] | undefined;

export function collectUnread(into: Tensor[] | undefined): void {
  unread = into;
}

function constantForm(tensor: Tensor): Json {
  const value = constants.get(tensor);
  if (value !== undefined) return { class_name: '__numpy__', config: { value, dtype: tensor.dtype } };
  if (unread === undefined) {
    throw new CeratopsError('INVALID_STATE', 'a constant of the graph is on the device', {
      subject: `${tensor}`,
      remedy: 'save the model: that waits for it',
    });
  }
  unread.push(tensor);
  return null;
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
  const serialized = serializedForm(registration, value.getConfig());
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
