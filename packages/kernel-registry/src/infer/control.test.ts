/** Result types of control flow and calls, and what is refused. */

import { scalarRegion } from '../region.js';
import { type Bad, describeInfer, type Good, t } from './test-support/rows.js';

const add = scalarRegion('float32', 'add');

const good: readonly Good[] = [
  {
    op: 'custom_call',
    operands: ['float32[3]'],
    attributes: { target: 'x', config: {}, results: [t('int8[1]')] },
    results: ['int8[1]'],
  },
];

const bad: readonly Bad[] = [
  {
    op: 'while',
    operands: ['float32[]'],
    attributes: { condition: add, body: add },
    code: 'INVALID_PROGRAM',
    message: /while: condition/,
  },
  {
    op: 'case',
    operands: ['int64[]'],
    attributes: { branches: [add] },
    code: 'DTYPE_MISMATCH',
    message: /int32\[\], received int64/,
  },
  {
    op: 'case',
    operands: ['int32[]', 'float32[]'],
    attributes: { branches: [add] },
    code: 'INVALID_PROGRAM',
    message: /branch 0/,
  },
  {
    op: 'composite',
    operands: [],
    attributes: { name: 'ceratops.sofmax@1', attributes: {} },
    code: 'UNKNOWN_NAME',
    message: /ceratops.sofmax@1/,
  },
];

describeInfer('control', good, bad);
