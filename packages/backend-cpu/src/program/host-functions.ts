/** Whether a plan's kernels need float64 functions of the host, which have to be imported before code is emitted. */

import type { Expression, Plan, PlanCall, Statement, Step } from '@ceratops/compiler';

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
      return callNeeds(step.condition) || callNeeds(step.body);
    case 'case':
      return step.branches.some(callNeeds);
  }
}

function callNeeds({ plan }: PlanCall): boolean {
  return needsHostFunctions(plan);
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
      return (
        expressionNeeds(statement.condition) ||
        statement.then.some(statementNeeds) ||
        statement.otherwise.some(statementNeeds)
      );
    case 'while':
      return expressionNeeds(statement.condition) || statement.body.some(statementNeeds);
    case 'for':
      return statement.body.some(statementNeeds);
  }
}

function expressionNeeds(expression: Expression): boolean {
  switch (expression.kind) {
    case 'constant':
    case 'variable':
      return false;
    case 'load':
      return expressionNeeds(expression.index);
    case 'unary':
      // sin and cos of any float fall back on the host for large arguments.
      if (expression.op === 'sin' || expression.op === 'cos') return true;
      return (expression.type === 'float64' && unary.has(expression.op)) || expressionNeeds(expression.operand);
    case 'binary':
      if (binary.has(expression.op) && expression.type.includes('float')) return true;
      return expressionNeeds(expression.left) || expressionNeeds(expression.right);
    case 'compare':
      return expressionNeeds(expression.left) || expressionNeeds(expression.right);
    case 'select':
      return [expression.condition, expression.then, expression.otherwise].some(expressionNeeds);
    case 'convert':
    case 'bitcast':
      return expressionNeeds(expression.operand);
  }
}
