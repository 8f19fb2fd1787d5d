/** Result types of ops that move elements, and what is refused. */

import { expect, it } from 'vitest';
import { infer } from '../any-op.js';
import { type Bad, describeInfer, type Good, t } from './test-support/rows.js';

const good: readonly Good[] = [
  { op: 'reshape', operands: ['float32[2,6]'], attributes: { shape: [3, 4] }, results: ['float32[3,4]'] },
  { op: 'reshape', operands: ['float32[0,6]'], attributes: { shape: [0] }, results: ['float32[0]'] },
  {
    op: 'broadcast_in_dim',
    operands: ['float32[1,3]'],
    attributes: { shape: [3, 2, 5], broadcastDimensions: [1, 0] },
    results: ['float32[3,2,5]'],
  },
  {
    op: 'transpose',
    operands: ['float32[2,3,4]'],
    attributes: { permutation: [2, 0, 1] },
    results: ['float32[4,2,3]'],
  },
  {
    op: 'slice',
    operands: ['float32[10]'],
    attributes: { startIndices: [1], limitIndices: [8], strides: [3] },
    results: ['float32[3]'],
  },
  {
    op: 'pad',
    operands: ['float32[3]', 'float32[]'],
    attributes: { low: [-1], high: [2], interior: [1] },
    results: ['float32[6]'],
  },
  {
    op: 'pad',
    operands: ['float32[0]', 'float32[]'],
    attributes: { low: [1], high: [2], interior: [5] },
    results: ['float32[3]'],
  },
  { op: 'concatenate', operands: ['int8[2,1]', 'int8[2,3]'], attributes: { dimension: 1 }, results: ['int8[2,4]'] },
  { op: 'reverse', operands: ['int8[2,1]'], attributes: { dimensions: [0] }, results: ['int8[2,1]'] },
  {
    op: 'dynamic_slice',
    operands: ['float32[9,9]', 'int32[]', 'int32[]'],
    attributes: { sliceSizes: [2, 9] },
    results: ['float32[2,9]'],
  },
  { op: 'dynamic_update_slice', operands: ['float32[9]', 'float32[3]', 'uint8[]'], results: ['float32[9]'] },
  { op: 'optimization_barrier', operands: ['float32[3]', 'int8[]'], results: ['float32[3]', 'int8[]'] },
];

const bad: readonly Bad[] = [
  {
    op: 'reshape',
    operands: ['int8[3]'],
    attributes: { shape: [2] },
    code: 'SHAPE_MISMATCH',
    message: /a shape of 3 elements/,
  },
  {
    op: 'broadcast_in_dim',
    operands: ['int8[3]'],
    attributes: { shape: [2], broadcastDimensions: [0] },
    code: 'SHAPE_MISMATCH',
    message: /dimension 0 to be 1 or 2/,
  },
  {
    op: 'broadcast_in_dim',
    operands: ['int8[3]'],
    attributes: { shape: [3], broadcastDimensions: [] },
    code: 'INVALID_ARGUMENT',
    message: /wrong length/,
  },
  {
    op: 'transpose',
    operands: ['int8[3,4]'],
    attributes: { permutation: [0, 0] },
    code: 'INVALID_ARGUMENT',
    message: /repeats/,
  },
  {
    op: 'slice',
    operands: ['int8[3]'],
    attributes: { startIndices: [0], limitIndices: [4], strides: [1] },
    code: 'SHAPE_MISMATCH',
    message: /out of bounds/,
  },
  {
    op: 'slice',
    operands: ['int8[3]'],
    attributes: { startIndices: [0], limitIndices: [3], strides: [0] },
    code: 'INVALID_ARGUMENT',
    message: /bad strides/,
  },
  {
    op: 'pad',
    operands: ['int8[3]', 'int8[]'],
    attributes: { low: [-4], high: [0], interior: [0] },
    code: 'SHAPE_MISMATCH',
    message: /crops more/,
  },
  {
    op: 'concatenate',
    operands: ['int8[2,1]', 'int8[3,1]'],
    attributes: { dimension: 1 },
    code: 'SHAPE_MISMATCH',
    message: /except in dimension 1/,
  },
  {
    op: 'dynamic_slice',
    operands: ['float32[9]', 'float32[]'],
    attributes: { sliceSizes: [2] },
    code: 'DTYPE_MISMATCH',
    message: /an integer scalar/,
  },
  {
    op: 'dynamic_slice',
    operands: ['float32[9]', 'int32[]'],
    attributes: { sliceSizes: [10] },
    code: 'SHAPE_MISMATCH',
    message: /larger than the operand/,
  },
];

describeInfer('movement', good, bad);

it('does not hand the operand list out', () => {
  const operands = [t('float32[2]'), t('float32[2]')];
  expect(infer('optimization_barrier', operands, {})).not.toBe(operands);
  expect(infer('negate', [operands[0]!], {})).toEqual([operands[0]]);
});
