/** Loop kernels and plans as text: deterministic, for dumps, snapshots and people. */

import { type BinaryOp, type ComparisonDirection, formatType } from '@ceratops/kernel-registry';
import type { Expression, LoopKernel, Statement } from '../loop-ir.js';
import type { CopyStep, Plan, PlanBuffer, PlanCall, Step } from '../plan.js';

const infix: { readonly [O in BinaryOp | ComparisonDirection]?: string } = {
  add: '+',
  subtract: '-',
  multiply: '*',
  divide: '/',
  remainder: '%',
  and: '&',
  or: '|',
  xor: '^',
  EQ: '==',
  NE: '!=',
  LT: '<',
  LE: '<=',
  GT: '>',
  GE: '>=',
};

export function printExpression(expression: Expression): string {
  switch (expression.kind) {
    case 'constant':
      return printConstant(expression.value, expression.type);
    case 'variable':
      return expression.name;
    case 'load':
      return `b${expression.buffer}[${printExpression(expression.index)}]`;
    case 'unary':
      return `${expression.op}(${printExpression(expression.operand)})`;
    case 'binary':
    case 'compare': {
      const left = printExpression(expression.left);
      const right = printExpression(expression.right);
      const sign = infix[expression.op];
      return sign === undefined ? `${expression.op}(${left}, ${right})` : `(${left} ${sign} ${right})`;
    }
    case 'select': {
      const parts = [expression.condition, expression.then, expression.otherwise].map(printExpression);
      return `select(${parts.join(', ')})`;
    }
    case 'convert':
      return `${expression.type}(${printExpression(expression.operand)})`;
    case 'bitcast':
      return `bitcast_${expression.type}(${printExpression(expression.operand)})`;
  }
}

function printConstant(value: number | bigint, type: string): string {
  const text = Object.is(value, -0) ? '-0' : `${value}`;
  return type === 'index' ? text : `${text}:${type}`;
}

function printStatement(statement: Statement, indent: string): string[] {
  const inner = `${indent}  `;
  const block = (statements: readonly Statement[]): string[] => statements.flatMap((s) => printStatement(s, inner));
  switch (statement.kind) {
    case 'for': {
      const { variable, begin, end, extent, vector, body } = statement;
      const limits = `${printExpression(begin)} … ${printExpression(end)}`;
      const most = end.kind === 'constant' ? '' : ` (at most ${extent})`;
      return [`${indent}${vector ? 'vector ' : ''}for ${variable} in ${limits}${most} {`, ...block(body), `${indent}}`];
    }
    case 'let':
      return [`${indent}${statement.name}: ${statement.value.type} = ${printExpression(statement.value)}`];
    case 'accumulator':
      return [`${indent}var ${statement.name}: ${statement.type} = ${printExpression(statement.initial)}`];
    case 'accumulate':
      return [`${indent}${statement.name} ${statement.op}= ${printExpression(statement.value)}`];
    case 'assign':
      return [`${indent}${statement.name} = ${printExpression(statement.value)}`];
    case 'store':
      return [
        `${indent}b${statement.buffer}[${printExpression(statement.index)}] = ${printExpression(statement.value)}`,
      ];
    case 'if': {
      const head = `${indent}if ${printExpression(statement.condition)} {`;
      const otherwise = statement.otherwise.length === 0 ? [] : [`${indent}} else {`, ...block(statement.otherwise)];
      return [head, ...block(statement.then), ...otherwise, `${indent}}`];
    }
    case 'while':
      return [`${indent}while ${printExpression(statement.condition)} {`, ...block(statement.body), `${indent}}`];
  }
}

export function printKernel({ name, parameters, items, costPerItem, body }: LoopKernel, indent = ''): string {
  const list = parameters.map(({ dtype, access, elements }, i) => `b${i}: ${access} ${dtype}[${elements}]`).join(', ');
  const lines = body.flatMap((statement) => printStatement(statement, `${indent}  `));
  const head = `${indent}kernel ${name}(${list}) items ${items} cost ${costPerItem} {`;
  return [head, ...lines, `${indent}}`].join('\n');
}

export function printPlan(plan: Plan, indent = ''): string {
  const inner = `${indent}  `;
  const lines = [
    `${indent}plan ${plan.name}: arena ${plan.arenaBytes} bytes`,
    `${inner}inputs ${list(plan.inputs)}, outputs ${list(plan.outputs)}`,
    ...plan.aliases.map(({ input, output }) => `${inner}output ${output} may be input ${input}`),
    ...plan.buffers.map((buffer, i) => `${inner}%${i} = ${printBuffer(buffer)}`),
    ...plan.steps.map((step) => printStep(step, inner)),
  ];
  return lines.join('\n');
}

function list(buffers: readonly number[]): string {
  return `(${buffers.map((buffer) => `%${buffer}`).join(', ')})`;
}

function printBuffer({ place, dtype, elements, bytes }: PlanBuffer): string {
  const type = `${dtype}[${elements}], ${bytes} bytes`;
  switch (place.kind) {
    case 'constant':
      return `constant ${type}`;
    case 'temporary':
      return `temporary ${type} at ${place.offset}`;
    default:
      return `${place.kind} ${place.index}: ${type}`;
  }
}

function printStep(step: Step, indent: string): string {
  const inner = `${indent}  `;
  switch (step.kind) {
    case 'kernel':
      return `${indent}run ${list(step.buffers)}\n${printKernel(step.kernel, `${indent}  `)}`;
    case 'library': {
      const results = step.instruction.results.map(formatType).join(', ');
      const head = `${indent}library ${step.instruction.op} ${list(step.operands)} -> ${list(step.results)}: ${results}`;
      if (step.epilogue === undefined) return head;
      const { kernel, buffers, rowElements } = step.epilogue;
      const rows = `${indent}  then per ${rowElements} elements ${list(buffers)}`;
      return `${head}\n${rows}\n${printKernel(kernel, `${indent}    `)}`;
    }
    case 'rows':
      return [
        `${indent}rows, of their own ${step.locals.join(', ')} bytes each`,
        ...step.kernels.map(({ kernel, buffers }) => {
          const names = buffers.map((buffer) => (typeof buffer === 'number' ? `%${buffer}` : `local ${buffer.local}`));
          return `${inner}run (${names.join(', ')})\n${printKernel(kernel, `${inner}  `)}`;
        }),
      ].join('\n');
    case 'copy':
      return printCopy(step, indent);
    case 'while':
      return [
        `${indent}while %${step.predicate}`,
        printCall('condition', step.condition, `${indent}  `),
        printCall('body', step.body, `${indent}  `),
        ...step.copies.map((copy) => printCopy(copy, `${indent}  `)),
      ].join('\n');
    case 'case': {
      const branches = step.branches.map((branch, i) => printCall(`branch ${i}`, branch, `${indent}  `));
      return [`${indent}case %${step.selector}`, ...branches].join('\n');
    }
  }
}

function printCopy({ from, to, bytes }: CopyStep, indent: string): string {
  return `${indent}copy %${from} -> %${to}, ${bytes} bytes`;
}

function printCall(what: string, { plan, inputs, outputs, arena }: PlanCall, indent: string): string {
  return `${indent}${what} ${list(inputs)} -> ${list(outputs)}, arena %${arena}\n${printPlan(plan, `${indent}  `)}`;
}
