/** Result types of reductions, windows and sort, and what is refused. */

import { comparatorRegion, scalarRegion } from '../region.js';
import { type Bad, describeInfer, type Good } from './test-support/rows.js';

const add = scalarRegion('float32', 'add');
const pool = {
  windowDimensions: [1, 2],
  windowStrides: [1, 2],
  padding: [
    [0, 0],
    [0, 1],
  ],
} as const;

const good: readonly Good[] = [
  {
    op: 'reduce',
    operands: ['float32[2,3,4]', 'float32[]'],
    attributes: { dimensions: [0, 2], body: add },
    results: ['float32[3]'],
  },
  {
    op: 'reduce_window',
    operands: ['float32[3,4]', 'float32[]'],
    attributes: { ...pool, baseDilations: [1, 1], windowDilations: [1, 2], body: add },
    results: ['float32[3,2]'],
  },
  {
    op: 'reduce_window',
    operands: ['float32[3,1]', 'float32[]'],
    attributes: { ...pool, baseDilations: [1, 1], windowDilations: [1, 9], body: add },
    results: ['float32[3,0]'],
  },
  {
    op: 'select_and_scatter',
    operands: ['float32[3,4]', 'float32[3,2]', 'float32[]'],
    attributes: { ...pool, select: comparatorRegion(['float32'], 'GE'), scatter: add },
    results: ['float32[3,4]'],
  },
  {
    op: 'sort',
    operands: ['float32[3,4]', 'int32[3,4]'],
    attributes: { dimension: 1, isStable: true, comparator: comparatorRegion(['float32', 'int32'], 'LT') },
    results: ['float32[3,4]', 'int32[3,4]'],
  },
];

const bad: readonly Bad[] = [
  {
    op: 'reduce',
    operands: ['float32[2,3]', 'float32[]'],
    attributes: { dimensions: [2], body: add },
    code: 'INVALID_ARGUMENT',
    message: /integers in \[0, 2\)/,
  },
  {
    op: 'reduce',
    operands: ['float32[2,3]', 'float32[1]'],
    attributes: { dimensions: [0], body: add },
    code: 'SHAPE_MISMATCH',
    message: /not a scalar/,
  },
  {
    op: 'select_and_scatter',
    operands: ['float32[3,4]', 'float32[3,3]', 'float32[]'],
    attributes: { ...pool, select: comparatorRegion(['float32'], 'GE'), scatter: add },
    code: 'SHAPE_MISMATCH',
    message: /expected \[3,2\], received \[3,3\]/,
  },
  {
    op: 'sort',
    operands: ['float32[3]'],
    attributes: { dimension: 0, isStable: true, comparator: add },
    code: 'INVALID_PROGRAM',
    message: /comparator/,
  },
];

describeInfer('reduction', good, bad);
