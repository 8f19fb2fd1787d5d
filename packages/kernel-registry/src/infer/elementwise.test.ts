/** Result types of elementwise ops and constants, and what is refused. */

import { type Bad, describeInfer, type Good, t } from './test-support/rows.js';

const good: readonly Good[] = [
  { op: 'add', operands: ['float32[2,3]', 'float32[2,3]'], results: ['float32[2,3]'] },
  { op: 'add', operands: ['bool[]', 'bool[]'], results: ['bool[]'] },
  { op: 'abs', operands: ['complex64[4]'], results: ['float32[4]'] },
  { op: 'is_finite', operands: ['bfloat16[4]'], results: ['bool[4]'] },
  { op: 'complex', operands: ['float64[2]', 'float64[2]'], results: ['complex128[2]'] },
  { op: 'imag', operands: ['float32[2]'], results: ['float32[2]'] },
  { op: 'compare', operands: ['int8[2]', 'int8[2]'], attributes: { direction: 'LT' }, results: ['bool[2]'] },
  { op: 'select', operands: ['bool[]', 'int8[2]', 'int8[2]'], results: ['int8[2]'] },
  { op: 'convert', operands: ['int8[2]'], attributes: { dtype: 'float16' }, results: ['float16[2]'] },
  { op: 'bitcast_convert', operands: ['uint32[2]'], attributes: { type: t('uint8[2,4]') }, results: ['uint8[2,4]'] },
  { op: 'bitcast_convert', operands: ['uint8[2,4]'], attributes: { type: t('float32[2]') }, results: ['float32[2]'] },
  {
    op: 'constant',
    operands: [],
    attributes: { value: { type: t('int64[3]'), data: new BigInt64Array(1) } },
    results: ['int64[3]'],
  },
  { op: 'iota', operands: [], attributes: { type: t('int32[2,5]'), dimension: 1 }, results: ['int32[2,5]'] },
];

const bad: readonly Bad[] = [
  {
    op: 'add',
    operands: ['float32[2]', 'float32[3]'],
    code: 'SHAPE_MISMATCH',
    message: /^add: operands differ in shape, expected .*, received float32\[2\], float32\[3\]$/,
  },
  {
    op: 'add',
    operands: ['float32[2]', 'int32[2]'],
    code: 'DTYPE_MISMATCH',
    message: /operands differ in dtype, expected all float32/,
  },
  {
    op: 'add',
    operands: ['float32[2]'],
    code: 'INVALID_ARGUMENT',
    message: /wrong number of operands, expected 2, received 1/,
  },
  { op: 'subtract', operands: ['bool[2]', 'bool[2]'], code: 'DTYPE_MISMATCH', message: /received bool\[2\]/ },
  {
    op: 'exponential',
    operands: ['int32[2]'],
    code: 'DTYPE_MISMATCH',
    message: /expected a dtype of kind float, complex, received int32\[2\]/,
  },
  { op: 'not', operands: ['float32[]'], code: 'DTYPE_MISMATCH', message: /bool, int, uint/ },
  {
    op: 'complex',
    operands: ['float16[]', 'float16[]'],
    code: 'DTYPE_MISMATCH',
    message: /float32 or float64, received float16/,
  },
  {
    op: 'compare',
    operands: ['complex64[]', 'complex64[]'],
    attributes: { direction: 'LT' },
    code: 'DTYPE_MISMATCH',
    message: /no order/,
  },
  {
    op: 'compare',
    operands: ['int8[]', 'int8[]'],
    attributes: { direction: 'lt' },
    code: 'INVALID_ARGUMENT',
    message: /bad direction/,
  },
  {
    op: 'select',
    operands: ['int8[]', 'int8[2]', 'int8[2]'],
    code: 'DTYPE_MISMATCH',
    message: /predicate is not bool/,
  },
  {
    op: 'select',
    operands: ['bool[3]', 'int8[2]', 'int8[2]'],
    code: 'SHAPE_MISMATCH',
    message: /bool\[\] or bool\[2\]/,
  },
  {
    op: 'bitcast_convert',
    operands: ['uint32[2]'],
    attributes: { type: t('uint8[2]') },
    code: 'SHAPE_MISMATCH',
    message: /uint8\[2,4\]/,
  },
  {
    op: 'bitcast_convert',
    operands: ['bool[2]'],
    attributes: { type: t('uint8[2]') },
    code: 'DTYPE_MISMATCH',
    message: /bool → uint8/,
  },
  {
    op: 'constant',
    operands: [],
    attributes: { value: { type: t('int8[3]'), data: new Int8Array(2) } },
    code: 'INVALID_ARGUMENT',
    message: /3 elements or one, received 2/,
  },
  {
    op: 'constant',
    operands: [],
    attributes: { value: { type: t('int8[3]'), data: new Int16Array(3) } },
    code: 'DTYPE_MISMATCH',
    message: /Int8Array for int8, received Int16Array/,
  },
  {
    op: 'iota',
    operands: [],
    attributes: { type: t('int8[3]'), dimension: 1 },
    code: 'INVALID_ARGUMENT',
    message: /dimension out of range/,
  },
];

describeInfer('elementwise', good, bad);
