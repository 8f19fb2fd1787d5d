/** The base of callable objects that files keep: losses, metrics, initializers, regularizers, constraints, schedules. */

import { CeratopsError } from '@ceratops/kernel-registry';
import { type AnyClass, registrationOf, serializedForm } from '../saving/class-registry.js';
import { Callable } from './callable.js';
import { classNameOf, ownClassName } from './define.js';
import { type AnyTable, argumentsFromConfig, type Config, type Json, readArguments, writeConfig } from './table.js';

export class Configurable extends Callable {
  /** The rows of the class's own constructor arguments. */
  static table(): AnyTable {
    return {};
  }

  /** The rows that the options object of every class of the family may hold; only given ones become fields. */
  static baseTable(): AnyTable {
    return {};
  }

  constructor(...parameters: unknown[]) {
    super();
    const { settings, options } = readArguments(
      classNameOf(this),
      new.target.table(),
      new.target.baseTable(),
      parameters,
    );
    Object.assign(this, settings, options);
  }

  override invoke(..._parameters: never[]): unknown {
    throw new CeratopsError('INVALID_STATE', 'invoke() is not implemented', { subject: classNameOf(this) });
  }

  /** The constructor arguments in Keras' form. */
  getConfig(): Config {
    const { table } = this.constructor as unknown as { table(): AnyTable };
    return writeConfig(this, table.call(this.constructor));
  }

  /** Makes an object from what `getConfig` gave. */
  static fromConfig(config: Config): Configurable {
    // biome-ignore lint/complexity/noThisInStatic: a subclass makes one of its own
    return configurableFromConfig(this, config);
  }

  /** `JSON.stringify` shows class and arguments, not nothing. */
  toJSON(): unknown {
    return { class_name: classNameOf(this), config: this.getConfig() };
  }

  override $inspect(): unknown {
    try {
      return this.toJSON();
    } catch {
      return this.toString();
    }
  }

  override toString(): string {
    return `<${classNameOf(this)}>`;
  }
}

function configurableFromConfig(family: typeof Configurable, config: Config): Configurable {
  const subject = ownClassName(family) ?? family.name;
  const parameters = argumentsFromConfig(subject, family.table(), family.baseTable(), config);
  return Reflect.construct(family, parameters) as Configurable;
}

/** `{ module, class_name, config, registered_name }` of an object whose class `define` made. */
export function serializeObject(kind: string, value: unknown): Json {
  if (value === undefined || value === null) return null;
  const { constructor: made, getConfig } = value as { constructor: AnyClass; getConfig?: () => Config };
  const className = ownClassName(made);
  const registration = registrationOf(made);
  if (getConfig === undefined || className === undefined || registration === undefined) {
    throw new CeratopsError('INVALID_STATE', `this ${kind} cannot be saved`, {
      remedy: `make its class with define('Name', class extends Configurable …)`,
    });
  }
  return serializedForm(registration, getConfig.call(value));
}
