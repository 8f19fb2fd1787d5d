/**
 * Runs loop kernels in plain JavaScript, for tests of the compiler and for hosts that forbid WebAssembly. A kernel
 * becomes a tree of closures over one array of variables; every access is checked against its buffer.
 */

import type { HostArray, UnaryOp } from '@ceratops/kernel-registry';
import { loadElement, storeElement } from './interpreter-memory.js';
import { binaryFunction, bitcastFunction, convertFunction, unaryFunction } from './interpreter-ops.js';
import { type Expression, itemVariable, type LoopKernel, type ScalarType, type Statement } from './loop-ir.js';
import { compareFunction, type Scalar } from './scalar-functions.js';

interface Frame {
  readonly variables: Scalar[];
  readonly buffers: readonly HostArray[];
}

type Evaluate = (frame: Frame) => Scalar;
type Execute = (frame: Frame) => void;

/** A kernel ready to run on the items [first, end). `buffers[i]` is parameter i, in the parameter's host array type. */
export type KernelFunction = (buffers: readonly HostArray[], first: number, end: number) => void;

export function interpretKernel(kernel: LoopKernel): KernelFunction {
  const compiler = new ClosureCompiler(kernel);
  const item = compiler.slot(itemVariable, 'index');
  const body = compiler.block(kernel.body);
  return (buffers, first, end) => {
    const frame: Frame = { variables: new Array<Scalar>(compiler.slots).fill(0), buffers };
    for (let i = first; i < end; i++) {
      frame.variables[item] = i;
      body(frame);
    }
  };
}

class ClosureCompiler {
  readonly #kernel: LoopKernel;
  readonly #slots = new Map<string, number>();
  readonly #types: ScalarType[] = [];

  constructor(kernel: LoopKernel) {
    this.#kernel = kernel;
  }

  get slots(): number {
    return this.#types.length;
  }

  slot(name: string, type: ScalarType): number {
    const slot = this.#types.length;
    this.#types.push(type);
    this.#slots.set(name, slot);
    return slot;
  }

  block(statements: readonly Statement[]): Execute {
    const parts = statements.map((statement) => this.#statement(statement));
    return (frame) => {
      for (const part of parts) part(frame);
    };
  }

  #statement(statement: Statement): Execute {
    switch (statement.kind) {
      case 'for':
        return this.#loop(statement);
      case 'let':
      case 'accumulator': {
        const expression = statement.kind === 'let' ? statement.value : statement.initial;
        const value = this.#expression(expression);
        const slot = this.slot(statement.name, statement.kind === 'let' ? expression.type : statement.type);
        return (frame) => {
          frame.variables[slot] = value(frame);
        };
      }
      case 'accumulate': {
        const slot = this.#slots.get(statement.name)!;
        const value = this.#expression(statement.value);
        const join = binaryFunction(statement.op, this.#types[slot]!);
        return (frame) => {
          frame.variables[slot] = join(frame.variables[slot]!, value(frame));
        };
      }
      case 'assign': {
        const slot = this.#slots.get(statement.name)!;
        const value = this.#expression(statement.value);
        return (frame) => {
          frame.variables[slot] = value(frame);
        };
      }
      case 'store': {
        const index = this.#expression(statement.index);
        const value = this.#expression(statement.value);
        const { buffer } = statement;
        const { dtype } = this.#kernel.parameters[buffer]!;
        return (frame) => storeElement(frame.buffers[buffer]!, dtype, Number(index(frame)), value(frame));
      }
      case 'if': {
        const condition = this.#expression(statement.condition);
        const then = this.block(statement.then);
        const otherwise = this.block(statement.otherwise);
        return (frame) => (condition(frame) !== 0 ? then(frame) : otherwise(frame));
      }
      case 'while': {
        const condition = this.#expression(statement.condition);
        const body = this.block(statement.body);
        return (frame) => {
          while (condition(frame) !== 0) body(frame);
        };
      }
    }
  }

  #loop(statement: Statement & { kind: 'for' }): Execute {
    const begin = this.#expression(statement.begin);
    const end = this.#expression(statement.end);
    const slot = this.slot(statement.variable, 'index');
    const body = this.block(statement.body);
    return (frame) => {
      const last = Number(end(frame));
      for (let i = Number(begin(frame)); i < last; i++) {
        frame.variables[slot] = i;
        body(frame);
      }
    };
  }

  #expression(expression: Expression): Evaluate {
    switch (expression.kind) {
      case 'constant': {
        const { value } = expression;
        return () => value;
      }
      case 'variable': {
        const slot = this.#slots.get(expression.name);
        if (slot === undefined) throw new RangeError(`variable ${expression.name} is not bound here`);
        return (frame) => frame.variables[slot]!;
      }
      case 'load': {
        const index = this.#expression(expression.index);
        const { buffer } = expression;
        const { dtype } = this.#kernel.parameters[buffer]!;
        return (frame) => loadElement(frame.buffers[buffer]!, dtype, Number(index(frame)));
      }
      case 'unary': {
        const operand = this.#expression(expression.operand);
        // Targets that it stands for run no composite.
        const compute = unaryFunction(expression.op as UnaryOp, expression.operand.type, expression.type);
        return (frame) => compute(operand(frame));
      }
      case 'binary':
      case 'compare': {
        const left = this.#expression(expression.left);
        const right = this.#expression(expression.right);
        const compute =
          expression.kind === 'binary'
            ? binaryFunction(expression.op, expression.type)
            : compareFunction(expression.op);
        return (frame) => compute(left(frame), right(frame));
      }
      case 'select': {
        const condition = this.#expression(expression.condition);
        const then = this.#expression(expression.then);
        const otherwise = this.#expression(expression.otherwise);
        return (frame) => {
          const yes = then(frame);
          const no = otherwise(frame);
          return condition(frame) !== 0 ? yes : no;
        };
      }
      case 'convert':
      case 'bitcast': {
        const operand = this.#expression(expression.operand);
        const make = expression.kind === 'convert' ? convertFunction : bitcastFunction;
        const convert = make(expression.operand.type, expression.type);
        return (frame) => convert(operand(frame));
      }
    }
  }
}
