/** The rules of loop kernels, as rows: one list for expressions, one for statements. */

import type { Expression, LoopKernel, ScalarType, Statement } from '../loop-ir.js';
import { itemVariable, strideIn } from '../loop-ir.js';
import { printExpression } from './print.js';
import type { Fail } from './verify.js';

interface Scope {
  readonly kernel: LoopKernel;
  /** Types of the names that are bound here. */
  readonly names: ReadonlyMap<string, ScalarType>;
}

interface Row<T> {
  readonly rule: string;
  readonly holds: (node: T, scope: Scope) => boolean;
}

/** Small floats are held as float32. */
function held(type: ScalarType): ScalarType {
  return type === 'float16' || type === 'bfloat16' ? 'float32' : type;
}

function alike(a: ScalarType, b: ScalarType): boolean {
  return held(a) === held(b);
}

const bitwise: ReadonlySet<string> = new Set(['and', 'or', 'xor']);
const indexOps: ReadonlySet<string> = new Set([
  'add',
  'subtract',
  'multiply',
  'divide',
  'remainder',
  'minimum',
  'maximum',
]);

function isReadable({ kernel }: Scope, buffer: number): boolean {
  const parameter = kernel.parameters[buffer];
  return parameter !== undefined && parameter.access !== 'write';
}

const expressionRows: readonly Row<Expression>[] = [
  {
    rule: 'a variable is bound before it is used, with one type',
    holds: (node, { names }) => node.kind !== 'variable' || names.get(node.name) === node.type,
  },
  {
    rule: 'a load reads a readable parameter at an index, in its dtype',
    holds: (node, scope) =>
      node.kind !== 'load' ||
      (isReadable(scope, node.buffer) &&
        node.index.type === 'index' &&
        scope.kernel.parameters[node.buffer]!.dtype === node.type),
  },
  {
    rule: 'binary operands have the type of the result',
    holds: (node) => node.kind !== 'binary' || (alike(node.left.type, node.type) && alike(node.right.type, node.type)),
  },
  {
    rule: 'bool knows and, or, xor; index knows integer arithmetic',
    holds: (node) =>
      node.kind !== 'binary' ||
      ((node.type !== 'bool' || bitwise.has(node.op)) && (node.type !== 'index' || indexOps.has(node.op))),
  },
  {
    rule: 'compared values have one type',
    holds: (node) => node.kind !== 'compare' || alike(node.left.type, node.right.type),
  },
  {
    rule: 'select chooses by bool between values of its type',
    holds: (node) =>
      node.kind !== 'select' ||
      (node.condition.type === 'bool' && alike(node.then.type, node.type) && alike(node.otherwise.type, node.type)),
  },
];

function childrenOf(node: Expression): readonly Expression[] {
  switch (node.kind) {
    case 'constant':
    case 'variable':
      return [];
    case 'load':
      return [node.index];
    case 'unary':
    case 'convert':
    case 'bitcast':
      return [node.operand];
    case 'binary':
    case 'compare':
      return [node.left, node.right];
    case 'select':
      return [node.condition, node.then, node.otherwise];
  }
}

const statementRows: readonly Row<Statement>[] = [
  {
    rule: 'a name is bound once',
    holds: (node, { names }) => {
      if (node.kind === 'for') return !names.has(node.variable);
      return (node.kind !== 'let' && node.kind !== 'accumulator') || !names.has(node.name);
    },
  },
  {
    rule: 'loop bounds are indices',
    holds: (node) => node.kind !== 'for' || (node.begin.type === 'index' && node.end.type === 'index'),
  },
  {
    rule: 'conditions are bool',
    holds: (node) => (node.kind !== 'if' && node.kind !== 'while') || node.condition.type === 'bool',
  },
  {
    rule: 'what is assigned or accumulated has the type of the variable',
    holds: (node, { names }) => {
      if (node.kind === 'accumulator') return alike(node.initial.type, node.type);
      if (node.kind !== 'assign' && node.kind !== 'accumulate') return true;
      const type = names.get(node.name);
      return type !== undefined && alike(type, node.value.type);
    },
  },
  {
    rule: 'a store writes a writable parameter at an index, in its dtype',
    holds: (node, { kernel }) => {
      if (node.kind !== 'store') return true;
      const parameter = kernel.parameters[node.buffer];
      const writable = parameter !== undefined && parameter.access !== 'read';
      return writable && node.index.type === 'index' && alike(parameter.dtype, node.value.type);
    },
  },
  {
    rule: 'a vector loop holds no vector loop, and its bounds and branches do not depend on its variable',
    holds: (node) => node.kind !== 'for' || !node.vector || isUniform(node.body, node.variable, new Map()),
  },
];

function isUniform(body: readonly Statement[], variable: string, lets: Map<string, Expression>): boolean {
  const fixed = (expression: Expression): boolean => strideIn(expression, variable, lets) === 0;
  return body.every((statement) => {
    switch (statement.kind) {
      case 'let':
        lets.set(statement.name, statement.value);
        return true;
      case 'for':
        return (
          !statement.vector &&
          fixed(statement.begin) &&
          fixed(statement.end) &&
          isUniform(statement.body, variable, lets)
        );
      case 'if':
        return (
          fixed(statement.condition) &&
          isUniform(statement.then, variable, lets) &&
          isUniform(statement.otherwise, variable, lets)
        );
      case 'while':
        return false;
      default:
        return true;
    }
  });
}

function expressionsOf(node: Statement): readonly Expression[] {
  switch (node.kind) {
    case 'for':
      return [node.begin, node.end];
    case 'let':
    case 'accumulate':
    case 'assign':
      return [node.value];
    case 'accumulator':
      return [node.initial];
    case 'store':
      return [node.index, node.value];
    case 'if':
    case 'while':
      return [node.condition];
  }
}

export function verifyKernel(kernel: LoopKernel, fail: Fail): void {
  const broken = (rule: string, where: string): never => fail(`kernel ${kernel.name} breaks "${rule}" at ${where}`);

  const checkExpression = (node: Expression, scope: Scope): void => {
    for (const child of childrenOf(node)) checkExpression(child, scope);
    for (const { rule, holds } of expressionRows) if (!holds(node, scope)) broken(rule, printExpression(node));
  };

  const checkBlock = (body: readonly Statement[], outer: ReadonlyMap<string, ScalarType>): void => {
    const names = new Map(outer);
    const scope: Scope = { kernel, names };
    for (const node of body) {
      for (const expression of expressionsOf(node)) checkExpression(expression, scope);
      for (const { rule, holds } of statementRows) if (!holds(node, scope)) broken(rule, describe(node));
      if (node.kind === 'let') names.set(node.name, node.value.type);
      if (node.kind === 'accumulator') names.set(node.name, node.type);
      if (node.kind === 'for') checkBlock(node.body, new Map([...names, [node.variable, 'index']]));
      if (node.kind === 'while') checkBlock(node.body, names);
      if (node.kind === 'if') for (const branch of [node.then, node.otherwise]) checkBlock(branch, names);
    }
  };

  checkBlock(kernel.body, new Map<string, ScalarType>([[itemVariable, 'index']]));
}

function describe(node: Statement): string {
  return node.kind === 'for' ? `for ${node.variable}` : 'name' in node ? `${node.kind} ${node.name}` : node.kind;
}
