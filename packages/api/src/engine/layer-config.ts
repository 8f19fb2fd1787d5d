/** `getConfig` and `fromConfig` of layers and models without their own. */

import { CeratopsError } from '@ceratops/kernel-registry';
import { regularizers } from '../regularizers/family.js';
import { registrationOf } from '../saving/class-registry.js';
import type { AnyLayer } from './call-context.js';
import { classNameOf, constructorArguments, ownClassName } from './define.js';
import { serializeDtypePolicy } from './dtype-policy.js';
import { type AnyTable, argumentsFromConfig, type Config, isPlainObject, type Json, writeConfig } from './table.js';

/** Where the constructor arguments of a defined class without a table are kept. */
const argumentsKey = 'constructor_arguments';

interface LayerClass {
  readonly name: string;
  table(): AnyTable;
  baseTable(): AnyTable;
}

/**
 * The config of a layer whose class declares a table, or whose constructor arguments `define` captured.
 * @param extended whether a class of its own adds the rest to what this gives.
 */
export function layerConfig(layer: AnyLayer, extended: boolean): Config {
  const { table } = layer.constructor as unknown as LayerClass;
  const base = baseConfig(layer);
  const rows = table.call(layer.constructor);
  if (Object.keys(rows).length > 0 || isBuiltInWithoutArguments(layer)) return { ...base, ...writeConfig(layer, rows) };
  if (extended) return base;
  const parameters = constructorArguments(layer);
  if (parameters === undefined || !parameters.every(isJson)) {
    throw new CeratopsError('INVALID_STATE', 'this class cannot be saved', {
      subject: `${layer}`,
      remedy:
        parameters === undefined
          ? `write getConfig(), or make the class with define('${classNameOf(layer)}', class …)`
          : 'its constructor arguments are not JSON: write getConfig() and static fromConfig()',
    });
  }
  return { ...base, [argumentsKey]: parameters };
}

function isBuiltInWithoutArguments(layer: AnyLayer): boolean {
  return constructorArguments(layer)?.every((value) => isPlainObject(value)) === true;
}

function isJson(value: unknown): value is Json {
  if (value === null || ['boolean', 'number', 'string'].includes(typeof value)) return true;
  if (Array.isArray(value)) return value.every(isJson);
  return isPlainObject(value) && Object.values(value).every((item) => item === undefined || isJson(item));
}

/** What every layer's config holds. */
export function baseConfig(layer: AnyLayer): Record<string, Json> {
  const config: Record<string, Json> = {
    name: layer.name,
    trainable: layer.trainable,
    dtype: serializeDtypePolicy(layer.$layer.dtypePolicy),
  };
  const { activityRegularizer } = layer;
  if (activityRegularizer !== undefined)
    config.activity_regularizer = regularizers.serialize(activityRegularizer as never);
  return config;
}

/** Makes a layer of class `layerClass` from what `layerConfig` wrote. */
export function layerFromConfig(layerClass: LayerClass, config: Config): AnyLayer {
  const construct = (parameters: readonly unknown[]): AnyLayer =>
    Reflect.construct(layerClass as never, parameters) as AnyLayer;
  const captured = config[argumentsKey];
  if (Array.isArray(captured)) {
    const layer = construct(captured as readonly unknown[]);
    if (typeof config.name === 'string') layer.name = config.name;
    if (typeof config.trainable === 'boolean') layer.trainable = config.trainable;
    return layer;
  }
  const subject = ownClassName(layerClass) ?? layerClass.name;
  const rows = layerClass.table();
  const isPlain = registrationOf(layerClass)?.module === undefined && Object.keys(rows).length === 0;
  const { own, base } = isPlain ? split(config, layerClass.baseTable()) : { own: {}, base: config };
  const parameters = argumentsFromConfig(subject, rows, layerClass.baseTable(), base);
  return construct([...parameters.slice(0, -1), { ...own, ...(parameters.at(-1) as object) }]);
}

/** What a class's own `getConfig` added goes into its options as it is, as by Keras' `cls(**config)`. */
function split(config: Config, baseTable: AnyTable): { own: Config; base: Config } {
  const keys = new Set(Object.values(baseTable).map(({ key }) => key));
  const pick = (isBase: boolean): Config =>
    Object.fromEntries(Object.entries(config).filter(([key]) => keys.has(key) === isBase));
  return { own: pick(false), base: pick(true) };
}
