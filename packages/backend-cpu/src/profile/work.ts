/** How much a step of a plan computes and moves at least: what its speed can be held against. */

import {
  type BufferIndex,
  type CopyStep,
  type Epilogue,
  type Expression,
  type LibraryStep,
  type LoopKernel,
  operandsOf,
  type Plan,
  type RowsStep,
  type Statement,
  type Step,
} from '@ceratops/compiler';
import { type AnyInstruction, dtypes, type OpName, sizeOf, type TensorType } from '@ceratops/kernel-registry';

export interface Work {
  /** Ops that it computes, each once. */
  readonly ops: readonly OpName[];
  /** Arithmetic on elements; an elementary function is one operation, what is done to indices is none. */
  readonly flops: number;
  /** Bytes read and written, each once however often a kernel comes back to them. */
  readonly bytes: number;
}

export const noWork: Work = { ops: [], flops: 0, bytes: 0 };

export function workOf(plan: Plan, step: Step): Work {
  switch (step.kind) {
    case 'kernel':
      return kernelWork(step.kernel);
    case 'library':
      return libraryWork(plan, step);
    case 'rows':
      return rowsWork(step);
    case 'copy':
      return copyWork(step);
    default:
      return noWork;
  }
}

/** Each buffer of the plan is read once, and written once; the step's own stay in cache. */
function rowsWork({ kernels }: RowsStep): Work {
  const known = new Set<string>();
  const works = kernels.map(({ kernel, buffers }) => {
    const accesses = buffers.map((buffer, i) =>
      typeof buffer === 'number' ? `${kernel.parameters[i]!.access} ${buffer}` : '',
    );
    const isNew = accesses.map((access) => access !== '' && !known.has(access));
    for (const access of accesses) known.add(access);
    return kernelWork(kernel, (parameter) => isNew[parameter]!);
  });
  const whole = works.reduce(sumOf);
  return { ...whole, ops: [...new Set(whole.ops)] };
}

/** What an epilogue adds to its step, whose result is counted already. */
export function epilogueWork({ kernel, buffers }: Epilogue, results: readonly BufferIndex[]): Work {
  return kernelWork(kernel, (parameter) => !results.includes(buffers[parameter]!));
}

export function sumOf(a: Work, b: Work): Work {
  return { ops: [...a.ops, ...b.ops], flops: a.flops + b.flops, bytes: a.bytes + b.bytes };
}

export function copyWork({ bytes }: CopyStep): Work {
  return { ops: [], flops: 0, bytes: 2 * bytes };
}

function kernelWork(kernel: LoopKernel, moves = (_parameter: number) => true): Work {
  const counter = new Counter(kernel);
  counter.statements(kernel.body, kernel.items);
  const bytes = kernel.parameters.reduce((sum, { dtype, elements, access }, i) => {
    if (!moves(i)) return sum;
    const size = elementBytes(dtype);
    const read = access === 'write' ? 0 : Math.min(elements, counter.loads[i]!);
    const written = access === 'read' ? 0 : Math.min(elements, counter.stores[i]!);
    return sum + size * (read + written);
  }, 0);
  return { ops: [...counter.ops], flops: counter.flops, bytes };
}

function elementBytes(dtype: TensorType['dtype']): number {
  const { host, hostElements } = dtypes[dtype];
  return host.BYTES_PER_ELEMENT * hostElements;
}

/** Counts what a kernel's body does, loops taken to their largest extent and both branches of an `if` to run half the time. */
class Counter {
  readonly ops: Set<OpName> = new Set();
  readonly loads: number[];
  readonly stores: number[];
  flops = 0;

  constructor({ parameters }: LoopKernel) {
    this.loads = parameters.map(() => 0);
    this.stores = parameters.map(() => 0);
  }

  statements(body: readonly Statement[], times: number): void {
    for (const statement of body) this.#statement(statement, times);
  }

  #statement(statement: Statement, times: number): void {
    switch (statement.kind) {
      case 'for':
        this.statements(statement.body, times * statement.extent);
        return;
      case 'while':
        this.#expression(statement.condition, times);
        this.statements(statement.body, times);
        return;
      case 'if':
        this.#expression(statement.condition, times);
        this.statements(statement.then, times / 2);
        this.statements(statement.otherwise, times / 2);
        return;
      case 'accumulator':
        this.#expression(statement.initial, times);
        return;
      case 'accumulate':
        this.ops.add(statement.op);
        this.flops += times;
        this.#expression(statement.value, times);
        return;
      case 'store':
        this.stores[statement.buffer]! += times;
        this.#expression(statement.value, times);
        return;
      default:
        this.#expression(statement.value, times);
    }
  }

  #expression(expression: Expression, times: number): void {
    if (expression.type === 'index') return;
    if (expression.kind === 'load') {
      this.loads[expression.buffer]! += times;
      return;
    }
    if (expression.kind === 'unary' || expression.kind === 'binary') {
      this.ops.add(expression.op.includes('@') ? 'composite' : (expression.op as OpName));
      this.flops += times;
    } else if (expression.kind !== 'constant' && expression.kind !== 'variable') {
      this.ops.add(expression.kind === 'bitcast' ? 'bitcast_convert' : expression.kind);
    }
    for (const operand of operandsOf(expression)) this.#expression(operand, times);
  }
}

function libraryWork({ buffers }: Plan, { instruction, operandTypes, operands, results }: LibraryStep): Work {
  const touched = [...new Set(operands), ...results];
  const bytes = touched.reduce((sum, buffer) => sum + buffers[buffer]!.bytes, 0);
  return { ops: [instruction.op], flops: libraryFlops(instruction, operandTypes), bytes };
}

/** Two operations for each product that a contraction sums; of other ops, one for each element of the results. */
function libraryFlops({ op, attributes, results }: AnyInstruction, [lhs, rhs]: readonly TensorType[]): number {
  const elements = results.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  if (op === 'dot_general') {
    return attributes.lhsContractingDimensions.reduce((flops, axis) => flops * lhs!.shape[axis]!, 2 * elements);
  }
  if (op === 'convolution') {
    // Zeros between the elements of a dilated input are not multiplied.
    const zeros = attributes.lhsDilation.reduce((product, dilation) => product * dilation, 1);
    return (2 * elements * sizeOf(rhs!.shape)) / rhs!.shape[attributes.kernelOutputFeatureDimension]! / zeros;
  }
  return elements;
}
