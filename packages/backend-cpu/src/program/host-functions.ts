/** The float64 functions of the host that a plan's kernels call: they have to be imported before code is emitted. A late part. */

import type { LoopKernel, Operation, Plan, Step } from '@ceratops/compiler';

const ofFloat64 = ['exponential', 'exponential_minus_one', 'log', 'log_plus_one', 'tanh'] as const;
/** Sine and cosine fall back on the host for large arguments only. */
const ofAnyFloat = ['sine', 'cosine', 'power', 'atan2', 'remainder'] as const;

export type HostFunction = (typeof ofFloat64 | typeof ofAnyFloat)[number];

export const hostFunctions: readonly string[] = [...ofFloat64, ...ofAnyFloat];

export function hostFunctionsOf(plan: Plan): Set<HostFunction> {
  const calls = kernelsOf(plan).flatMap(({ operations }) => operations.filter(callsHost));
  return new Set(calls.map(({ op }) => op as HostFunction));
}

function callsHost({ op, type }: Operation): boolean {
  const names: readonly string[] = type === 'float64' ? hostFunctions : type.includes('float') ? ofAnyFloat : [];
  return names.includes(op);
}

function kernelsOf({ steps }: Plan): LoopKernel[] {
  return steps.flatMap(kernelsOfStep);
}

function kernelsOfStep(step: Step): LoopKernel[] {
  switch (step.kind) {
    case 'kernel':
      return [step.kernel];
    case 'library':
      return step.epilogue === undefined ? [] : [step.epilogue.kernel];
    case 'rows':
      return step.kernels.map(({ kernel }) => kernel);
    case 'copy':
      return [];
    case 'while':
      return [step.condition, step.body].flatMap(({ plan }) => kernelsOf(plan));
    case 'case':
      return step.branches.flatMap(({ plan }) => kernelsOf(plan));
  }
}
