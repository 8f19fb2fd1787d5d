/**
 * Which dtype and shape operands meet in. The lattice is Keras' (after JAX's), with 64-bit dtypes honoured: nothing
 * is narrowed to 32 bits. Scalars of JavaScript are weak: they take the dtype of the tensors they meet.
 */
import {
  CeratopsError,
  type DType,
  dtypes,
  type HostArray,
  highestValue,
  lowestValue,
  type Shape,
  sameShape,
} from '@ceratops/kernel-registry';
import { broadcastTo, convert } from './primitives/index.js';
import { isHostArray, type NestedArray } from './tensor/host-data.js';
import { isTensor, type Tensor, tensor } from './tensor/tensor.js';
import { isVariable, type Variable } from './variable.js';

/** Everything that an op takes for a tensor. */
export type TensorLike = Tensor | Variable | number | bigint | boolean | NestedArray | HostArray;

/** A scalar of JavaScript in the lattice: an integer or a fraction of no particular width. */
export type WeakType = 'int' | 'float';

type Node = DType | WeakType;

/** Each type's next wider ones. */
const wider: { readonly [N in Node]: readonly Node[] } = {
  bool: ['int'],
  int: ['uint8', 'int8', 'complex64'],
  uint8: ['int16', 'uint16'],
  uint16: ['int32', 'uint32'],
  uint32: ['int64', 'uint64'],
  uint64: ['float'],
  int8: ['int16'],
  int16: ['int32'],
  int32: ['int64'],
  int64: ['float'],
  float: ['bfloat16', 'float16'],
  bfloat16: ['float32'],
  float16: ['float32'],
  float32: ['float64', 'complex64'],
  float64: ['complex128'],
  complex64: ['complex128'],
  complex128: [],
};

/** What a weak type is when no tensor says otherwise. */
const defaults: { readonly [W in WeakType]: DType } = { int: 'int32', float: 'float32' };

function isWeak(node: Node): node is WeakType {
  return node === 'int' || node === 'float';
}

function strong(node: Node): DType {
  return isWeak(node) ? defaults[node] : node;
}

function upperBounds(node: Node, bounds: Set<Node> = new Set()): Set<Node> {
  if (!bounds.has(node)) {
    bounds.add(node);
    for (const next of wider[node]) upperBounds(next, bounds);
  }
  return bounds;
}

const joins: Map<string, Node> = new Map();

/** The least type that both can become. */
function join(a: Node, b: Node): Node {
  if (a === b) return a;
  const key = `${a} ${b}`;
  let result = joins.get(key);
  if (result === undefined) {
    const ofB = upperBounds(b);
    const common = [...upperBounds(a)].filter((node) => ofB.has(node));
    result = common.find((node) => common.every((other) => upperBounds(node).has(other)))!;
    joins.set(key, result);
  }
  return result;
}

/**
 * The dtype in which operands of these types meet: Keras' `result_type`, except that 64-bit dtypes stay. Weak types
 * alone give int32 or float32; no types at all give float32.
 */
export function promoteTypes(...types: readonly (DType | WeakType)[]): DType {
  const [first] = types;
  if (first === undefined) return defaults.float;
  return strong(types.reduce(join));
}

type WeakScalar = number | bigint;

function isWeakScalar(value: TensorLike): value is WeakScalar {
  return typeof value === 'number' || typeof value === 'bigint';
}

/**
 * The value as a tensor; a variable's current one. Without a dtype numbers and nested arrays of them are float32,
 * bigints int64, booleans bool, and typed arrays keep theirs; a tensor of another dtype is converted.
 *
 * @throws CeratopsError DTYPE_MISMATCH for a number that an integer dtype cannot hold.
 */
export function asTensor(value: TensorLike, dtype?: DType): Tensor {
  if (isTensor(value)) return dtype === undefined ? value : convert(value, dtype);
  if (isVariable(value)) return asTensor(value.value, dtype);
  if (isWeakScalar(value) && dtype !== undefined) checkRange(value, dtype);
  if (isHostArray(value) && dtype !== undefined) return convert(tensor(value), dtype);
  return tensor(value, { dtype });
}

function checkRange(value: WeakScalar, dtype: DType): void {
  const { kind } = dtypes[dtype];
  if (kind !== 'int' && kind !== 'uint') return;
  if (value >= lowestValue(dtype) && value <= highestValue(dtype)) return;
  // A fraction has its own error, that of `tensor`; so has NaN.
  if (typeof value === 'number' && !Number.isInteger(value) && Number.isFinite(value)) return;
  throw new CeratopsError('DTYPE_MISMATCH', 'number does not fit', {
    subject: dtype,
    expected: `${lowestValue(dtype)} … ${highestValue(dtype)}`,
    received: `${value}`,
    remedy: 'cast the tensor to a wider dtype first: cast(x, "int32")',
  });
}

/** The dtype that several operands meet in; a fraction never widens integers, that is an error when it is made. */
function meetingDType(values: readonly TensorLike[], operands: readonly (Tensor | undefined)[]): DType {
  const ofTensors = operands.flatMap((operand) => (operand === undefined ? [] : [operand.dtype]));
  const ofScalars = values.filter(isWeakScalar).map(weakType);
  if (ofTensors.length === 0) {
    return values.every((value) => typeof value === 'bigint') ? 'int64' : defaults.float;
  }
  const met = promoteTypes(...ofTensors);
  return met === 'bool' ? promoteTypes(met, ...ofScalars) : met;
}

function weakType(value: WeakScalar): WeakType {
  return typeof value === 'bigint' || Number.isInteger(value) ? 'int' : 'float';
}

/**
 * Converts and broadcasts operands to one dtype and one shape.
 *
 * @throws CeratopsError DTYPE_MISMATCH where a number does not fit integers, SHAPE_MISMATCH for shapes that do not broadcast.
 */
export function promote(...values: readonly TensorLike[]): Tensor[] {
  if (isUniform(values)) return [...values];
  const operands = values.map((value) => (isWeakScalar(value) ? undefined : asTensor(value)));
  const dtype = meetingDType(values, operands);
  const converted = values.map((value, i) => asTensor(operands[i] ?? value, dtype));
  const shape = broadcastShapes(...converted.map((operand) => operand.shape));
  return converted.map((operand) => broadcastTo(operand, shape));
}

/** The common case, told without allocating: tensors of one type. */
function isUniform(values: readonly TensorLike[]): values is readonly Tensor[] {
  const [first] = values;
  return (
    isTensor(first) && values.every((x) => isTensor(x) && x.dtype === first.dtype && sameShape(x.shape, first.shape))
  );
}

/**
 * NumPy's broadcasting: shapes align at the end, and size 1 stretches.
 *
 * @throws CeratopsError SHAPE_MISMATCH naming the shapes.
 */
export function broadcastShapes(...shapes: readonly Shape[]): Shape {
  const rank = Math.max(0, ...shapes.map((shape) => shape.length));
  return Array.from({ length: rank }, (_, axis) => {
    const sizes = shapes.map((shape) => shape[axis - rank + shape.length] ?? 1).filter((size) => size !== 1);
    const size = sizes[0] ?? 1;
    if (sizes.every((other) => other === size)) return size;
    throw new CeratopsError('SHAPE_MISMATCH', 'shapes do not broadcast', {
      expected: 'equal sizes or 1, aligned at the end',
      received: shapes.map((shape) => `[${shape.join(',')}]`).join(' and '),
    });
  });
}
