/** Whether a plan's kernels need float64 functions of the host, which have to be imported before code is emitted. */

import { type Expression, operandsOf, type Plan, type Statement, type Step } from '@ceratops/compiler';

const unary: ReadonlySet<string> = new Set(['exp', 'expm1', 'log', 'log1p', 'tanh']);
const binary: ReadonlySet<string> = new Set(['pow', 'atan2', 'rem']);

export function needsHostFunctions(plan: Plan): boolean {
  return plan.steps.some(stepNeeds);
}

function stepNeeds(step: Step): boolean {
  switch (step.kind) {
    case 'kernel':
      return step.kernel.body.some(statementNeeds);
    case 'library':
      return step.epilogue?.kernel.body.some(statementNeeds) ?? false;
    case 'copy':
      return false;
    case 'while':
      return [step.condition, step.body].some(({ plan }) => needsHostFunctions(plan));
    case 'case':
      return step.branches.some(({ plan }) => needsHostFunctions(plan));
  }
}

function statementNeeds(statement: Statement): boolean {
  switch (statement.kind) {
    case 'let':
    case 'accumulate':
    case 'assign':
      return expressionNeeds(statement.value);
    case 'accumulator':
      return expressionNeeds(statement.initial);
    case 'store':
      return expressionNeeds(statement.index) || expressionNeeds(statement.value);
    case 'if':
      return expressionNeeds(statement.condition) || [...statement.then, ...statement.otherwise].some(statementNeeds);
    case 'while':
      return expressionNeeds(statement.condition) || statement.body.some(statementNeeds);
    case 'for':
      return statement.body.some(statementNeeds);
  }
}

function expressionNeeds(expression: Expression): boolean {
  return callsHost(expression) || operandsOf(expression).some(expressionNeeds);
}

function callsHost(expression: Expression): boolean {
  if (expression.kind === 'binary') return binary.has(expression.op) && expression.type.includes('float');
  if (expression.kind !== 'unary') return false;
  // sin and cos of any float fall back on the host for large arguments.
  const { op, type } = expression;
  return op === 'sin' || op === 'cos' || (type === 'float64' && unary.has(op));
}
