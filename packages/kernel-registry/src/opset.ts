/**
 * The opset: every primitive of the contract, its attributes, and the sets passes ask about.
 * Ops and attributes are named like StableHLO's and mean exactly what they mean there
 * (https://openxla.org/stablehlo/spec); only the case is TypeScript's. Operand order is StableHLO's too.
 *
 * Every rule table over the opset (`inferRules`, `evaluateRules`, the vjp and batching tables, …) is a total mapped
 * type over `OpName`, so that a missing row is a compile error.
 */

import type { DType } from './dtype.js';
import type { Literal } from './literal.js';
import type { Program } from './program.js';
import type { Shape, TensorType } from './tensor-type.js';

/** Version of the opset: an integer that only grows; each new op ships a decomposition into older ones. */
export const opsetVersion = 1;

/** The version that brought an op, for those that were not in the first one. */
export const laterOps: { readonly [O in OpName]?: number } = {};

export type UnaryOp =
  | 'abs'
  | 'negate'
  | 'sign'
  | 'floor'
  | 'ceil'
  | 'round_nearest_even'
  | 'exponential'
  | 'exponential_minus_one'
  | 'log'
  | 'log_plus_one'
  | 'sqrt'
  | 'sine'
  | 'cosine'
  | 'tanh'
  | 'is_finite'
  | 'not';

export type BinaryOp =
  | 'add'
  | 'subtract'
  | 'multiply'
  | 'divide'
  | 'remainder'
  | 'power'
  | 'maximum'
  | 'minimum'
  | 'atan2'
  | 'and'
  | 'or'
  | 'xor'
  | 'shift_left'
  | 'shift_right_arithmetic'
  | 'shift_right_logical';

export type ComparisonDirection = 'EQ' | 'NE' | 'LT' | 'LE' | 'GT' | 'GE';

/** Matmul precision: `default` computes float32 as float32; only `fast` may use narrower products. */
export type Precision = 'default' | 'fast';

export type NoAttributes = Readonly<Record<never, never>>;

export interface GatherAttributes {
  readonly offsetDims: readonly number[];
  readonly collapsedSliceDims: readonly number[];
  readonly operandBatchingDims: readonly number[];
  readonly startIndicesBatchingDims: readonly number[];
  readonly startIndexMap: readonly number[];
  readonly indexVectorDim: number;
  readonly sliceSizes: readonly number[];
  readonly indicesAreSorted: boolean;
}

export interface ScatterAttributes {
  readonly updateWindowDims: readonly number[];
  readonly insertedWindowDims: readonly number[];
  readonly inputBatchingDims: readonly number[];
  readonly scatterIndicesBatchingDims: readonly number[];
  readonly scatterDimsToOperandDims: readonly number[];
  readonly indexVectorDim: number;
  readonly indicesAreSorted: boolean;
  readonly uniqueIndices: boolean;
  /** (current…, update…) → new…, on scalars. */
  readonly body: Program;
}

export interface DotGeneralAttributes {
  readonly lhsBatchingDimensions: readonly number[];
  readonly rhsBatchingDimensions: readonly number[];
  readonly lhsContractingDimensions: readonly number[];
  readonly rhsContractingDimensions: readonly number[];
  readonly precision: Precision;
  /** Element type of the result; StableHLO lets it differ from the operands'. */
  readonly dtype: DType;
}

export interface ConvolutionAttributes {
  readonly windowStrides: readonly number[];
  /** One [low, high] pair per spatial dimension; negative values crop. */
  readonly padding: readonly (readonly [number, number])[];
  readonly lhsDilation: readonly number[];
  readonly rhsDilation: readonly number[];
  readonly windowReversal: readonly boolean[];
  readonly inputBatchDimension: number;
  readonly inputFeatureDimension: number;
  readonly inputSpatialDimensions: readonly number[];
  readonly kernelInputFeatureDimension: number;
  readonly kernelOutputFeatureDimension: number;
  readonly kernelSpatialDimensions: readonly number[];
  readonly outputBatchDimension: number;
  readonly outputFeatureDimension: number;
  readonly outputSpatialDimensions: readonly number[];
  readonly featureGroupCount: number;
  readonly batchGroupCount: number;
  readonly precision: Precision;
  readonly dtype: DType;
}

export interface WindowAttributes {
  readonly windowDimensions: readonly number[];
  readonly windowStrides: readonly number[];
  readonly padding: readonly (readonly [number, number])[];
}

/** Plain data that travels in composites and custom calls. */
export type AttributeValue =
  | null
  | boolean
  | number
  | string
  | readonly AttributeValue[]
  | { readonly [name: string]: AttributeValue };

/** What composites have beside operands; a Program is a region, over values of the composite's own choice. */
export type CompositeAttributes = { readonly [name: string]: AttributeValue | Program };

type Uniform<O extends string, A> = { readonly [K in O]: A };

/** The attributes of each op. */
export interface OpAttributes extends Uniform<UnaryOp | BinaryOp, NoAttributes> {
  // typing
  readonly compare: { readonly direction: ComparisonDirection };
  /** (predicate, on true, on false); a scalar predicate applies to all elements. */
  readonly select: NoAttributes;
  readonly convert: { readonly dtype: DType };
  readonly bitcast_convert: { readonly type: TensorType };
  // nullary
  readonly constant: { readonly value: Literal };
  readonly iota: { readonly type: TensorType; readonly dimension: number };
  // movement
  readonly reshape: { readonly shape: Shape };
  readonly broadcast_in_dim: { readonly shape: Shape; readonly broadcastDimensions: readonly number[] };
  readonly transpose: { readonly permutation: readonly number[] };
  readonly slice: {
    readonly startIndices: readonly number[];
    readonly limitIndices: readonly number[];
    readonly strides: readonly number[];
  };
  /** (operand, scalar padding value). Negative low and high crop. */
  readonly pad: {
    readonly low: readonly number[];
    readonly high: readonly number[];
    readonly interior: readonly number[];
  };
  readonly concatenate: { readonly dimension: number };
  readonly reverse: { readonly dimensions: readonly number[] };
  /** (operand, start indices). Out-of-bounds starts are clamped. */
  readonly gather: GatherAttributes;
  /** (operands…, indices, updates…). Out-of-bounds updates are dropped. */
  readonly scatter: ScatterAttributes;
  /** (operand, scalar start index per dimension…), clamped. */
  readonly dynamic_slice: { readonly sliceSizes: readonly number[] };
  /** (operand, update, scalar start index per dimension…), clamped. */
  readonly dynamic_update_slice: NoAttributes;
  // contraction
  readonly dot_general: DotGeneralAttributes;
  readonly convolution: ConvolutionAttributes;
  /** (operands…, initial values…); body: (accumulators…, elements…) → accumulators…, on scalars. */
  readonly reduce: { readonly dimensions: readonly number[]; readonly body: Program };
  /** (operands…, initial values…); body as in reduce. */
  readonly reduce_window: WindowAttributes & {
    readonly baseDilations: readonly number[];
    readonly windowDilations: readonly number[];
    readonly body: Program;
  };
  /** (operand, source, scalar initial value). */
  readonly select_and_scatter: WindowAttributes & { readonly select: Program; readonly scatter: Program };
  /** comparator: (a0, b0, a1, b1, …) → bool, on scalars. */
  readonly sort: { readonly dimension: number; readonly isStable: boolean; readonly comparator: Program };
  // control: regions capture nothing, everything they use is an operand
  /** (carries…); condition: carries → bool scalar; body: carries → carries. */
  readonly while: { readonly condition: Program; readonly body: Program };
  /** (int32 scalar index, operands…); every branch: operands → results. An index out of range picks the last branch. */
  readonly case: { readonly branches: readonly Program[] };
  // numeric
  readonly complex: NoAttributes;
  readonly real: NoAttributes;
  readonly imag: NoAttributes;
  readonly fft: { readonly fftType: 'FFT' | 'IFFT' | 'RFFT' | 'IRFFT'; readonly fftLength: readonly number[] };
  readonly cholesky: { readonly lower: boolean };
  readonly triangular_solve: {
    readonly leftSide: boolean;
    readonly lower: boolean;
    readonly unitDiagonal: boolean;
    readonly transposeA: 'NO_TRANSPOSE' | 'TRANSPOSE' | 'ADJOINT';
  };
  // structure
  /** A named op of a namespace with a decomposition; see composite.ts. */
  readonly composite: {
    /** `namespace.name@version`. */
    readonly name: string;
    readonly attributes: CompositeAttributes;
    /** Present when the program came from text or from a package that this process does not have. */
    readonly decomposition?: Program | undefined;
  };
  readonly custom_call: {
    readonly target: string;
    readonly config: { readonly [name: string]: AttributeValue };
    readonly results: readonly TensorType[];
  };
  readonly optimization_barrier: NoAttributes;
}

export type OpName = keyof OpAttributes;

export const unaryOps: ReadonlySet<OpName> = new Set<UnaryOp>([
  'abs',
  'negate',
  'sign',
  'floor',
  'ceil',
  'round_nearest_even',
  'exponential',
  'exponential_minus_one',
  'log',
  'log_plus_one',
  'sqrt',
  'sine',
  'cosine',
  'tanh',
  'is_finite',
  'not',
]);

export const binaryOps: ReadonlySet<OpName> = new Set<BinaryOp>([
  'add',
  'subtract',
  'multiply',
  'divide',
  'remainder',
  'power',
  'maximum',
  'minimum',
  'atan2',
  'and',
  'or',
  'xor',
  'shift_left',
  'shift_right_arithmetic',
  'shift_right_logical',
]);

/** One output element per input element at the same index. */
export const elementwiseOps: ReadonlySet<OpName> = new Set<OpName>([
  ...unaryOps,
  ...binaryOps,
  'compare',
  'select',
  'convert',
  'complex',
  'real',
  'imag',
]);

/** Outputs are a re-indexing of the input: a compiler may keep them as views. */
export const viewOps: ReadonlySet<OpName> = new Set<OpName>([
  'reshape',
  'broadcast_in_dim',
  'transpose',
  'slice',
  'reverse',
]);

export const commutativeOps: ReadonlySet<OpName> = new Set<OpName>([
  'add',
  'multiply',
  'maximum',
  'minimum',
  'and',
  'or',
  'xor',
]);
