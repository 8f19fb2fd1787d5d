/** `@ceratops/kernel-registry`: the contract. Names are grouped by who needs them. */

// Those who take ops by name, whatever they are.
export {
  buildProgram,
  decompose,
  defineComposite,
  expandComposites,
  infer,
  inferRules,
  inline,
  negotiate,
  ProgramBuilder,
  registerComposite,
} from './any-op.js';
export {
  type Backend,
  type BackendFactory,
  type BufferId,
  type CompileOptions,
  contractVersion,
  type Device,
  type DTypeSupport,
  type Executable,
  type ExecuteCall,
  type MemoryStatistics,
  type OpQuery,
  type QueryAnswer,
} from './backend.js';
// Authors of backends and kernels.
export { backends, registerBackend } from './backends.js';
export type { Emitter, Value } from './builder.js';
export {
  type CompositeAttributes,
  type CompositeDefinition,
  type CompositeVjp,
  compositeOf,
} from './composite.js';
// Everyone: what values are, and how things fail.
export {
  type DType,
  type DTypeKind,
  type DTypeRow,
  dtypes,
  type HostArray,
  type HostArrayConstructor,
  is64BitInteger,
  isComplex,
  isDType,
  isFloating,
  isInteger,
} from './dtype.js';
export { CeratopsError, type ErrorCode, type ErrorFields, isCeratopsError } from './errors.js';
// Those who build and rewrite programs.
export type { KeepComposite } from './expand.js';
export { decodeBfloat16, decodeFloat16, encodeBfloat16, encodeFloat16 } from './half.js';
export type { InferRule, InferRules } from './infer/rule.js';
export { dilatedSize, type WindowedDimension, windowedSize } from './infer/window.js';
export {
  type Kernel,
  type KernelCandidate,
  type KernelContext,
  type KernelDefinition,
  type KernelEmitters,
  kernelsFor,
  registerKernel,
} from './kernel.js';
export { highestValue, lowestValue, type Scalar } from './limits.js';
export { encodeScalar, expandLiteral, isSplat, type Literal, splat, splatValue } from './literal.js';
export { loadPart } from './load.js';
export { didYouMean, nearest, suggest } from './nearest.js';
export { type Capabilities, explain } from './negotiate.js';
export { type Differentiation, isOpName, type OpFamily, type OpRow, opNames, opTable } from './op-table.js';
export {
  type AttributeValue,
  type BinaryOp,
  binaryOps,
  type ComparisonDirection,
  type ConvolutionAttributes,
  commutativeOps,
  type DotGeneralAttributes,
  elementwiseOps,
  type GatherAttributes,
  type NoAttributes,
  type OpAttributes,
  type OpName,
  opsetVersion,
  type Precision,
  type ScatterAttributes,
  type UnaryOp,
  unaryOps,
  viewOps,
  type WindowAttributes,
} from './opset.js';
export type { BackendProfile, DevicePeaks, ProfileEvent } from './profile.js';
export { removeDeadCode } from './program/dead-code.js';
export { equalAttributes, equalPrograms } from './program/equal.js';
export { hashData, hashProgram } from './program/hash.js';
export { mapRegions, type NamedRegion, regionsOf } from './program/regions.js';
export { validateProgram } from './program/validate.js';
export {
  type AnyInstruction,
  type Instruction,
  inputTypes,
  outputTypes,
  type Program,
  type ProgramInput,
  type ValueId,
  valueTypes,
} from './program.js';
export {
  comparatorRegion,
  identityOf,
  type ReducerOp,
  reducerKind,
  scalarRegion,
} from './region.js';
export {
  byteSizeOf,
  formatType,
  type Shape,
  type Sharding,
  sameShape,
  sameType,
  sizeOf,
  stridesOf,
  type TensorType,
  tensorType,
} from './tensor-type.js';
