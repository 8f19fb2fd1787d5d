/** `keras.config` and `@ceratops/api/config`: the backend and the few global settings. */

export { getBackend, memory, setBackend, useBackend } from '@ceratops/core';
export { epsilon, floatx, setEpsilon, setFloatx } from './config.js';
export { type DTypePolicy, dtypePolicy, setDtypePolicy } from './dtype-policy.js';
