/** Which dtype a layer computes in and which its weights have: `float32`, `mixed_bfloat16`, … */

import { CeratopsError, type DType, isDType } from '@ceratops/kernel-registry';
import { floatx } from './config.js';
import { unknownName } from './near-names.js';
import { show } from './show.js';
import { type Config, isPlainObject, type Json } from './table.js';

export interface DTypePolicy {
  readonly name: string;
  readonly computeDtype: DType;
  readonly variableDtype: DType;
}

const mixed: { readonly [name: string]: DType } = { mixed_float16: 'float16', mixed_bfloat16: 'bfloat16' };

let globalPolicy: DTypePolicy | undefined;

/** What layers take when they are given no dtype; by default `floatx()`. */
export function dtypePolicy(): DTypePolicy {
  return globalPolicy ?? policyOf(floatx());
}

/** Sets the policy of layers made from now on; undefined returns to `floatx()`. */
export function setDtypePolicy(policy: DTypePolicy | string | undefined): void {
  globalPolicy = policy === undefined ? undefined : getDtypePolicy(policy);
}

/** A policy by name, by dtype, by config or itself; the global one for undefined. */
export function getDtypePolicy(identifier: unknown): DTypePolicy {
  if (identifier === undefined || identifier === null) return dtypePolicy();
  if (typeof identifier === 'string') return policyOf(identifier);
  if (isPlainObject(identifier)) {
    if (typeof identifier.computeDtype === 'string') return identifier as unknown as DTypePolicy;
    const config = identifier.config;
    if (isPlainObject(config)) return policyOf(String(config.name));
  }
  throw new CeratopsError('INVALID_ARGUMENT', 'not a dtype policy', {
    expected: "a dtype or a policy name such as 'mixed_bfloat16'",
    received: show(identifier),
  });
}

function policyOf(name: string): DTypePolicy {
  if (isDType(name)) return { name, computeDtype: name, variableDtype: name };
  const computeDtype = mixed[name];
  if (computeDtype !== undefined) return { name, computeDtype, variableDtype: 'float32' };
  throw unknownName('dtype or dtype policy', name, [
    'float32',
    'float16',
    'bfloat16',
    'float64',
    ...Object.keys(mixed),
  ]);
}

export function serializeDtypePolicy({ name }: DTypePolicy): Json {
  const config: Config = { name };
  return { module: 'keras', class_name: 'DTypePolicy', config, registered_name: null };
}
