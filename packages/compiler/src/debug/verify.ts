/** The rules of plans: what backends may rely on. Failures name the plan, the step and the buffer. */

import { CeratopsError, dtypes } from '@ceratops/kernel-registry';
import type { BufferIndex, CopyStep, Plan, PlanBuffer, PlanCall, Step } from '../plan.js';
import { verifyKernel } from './verify-kernel.js';

/** @throws CeratopsError INTERNAL where a plan breaks its rules. */
export function verifyPlan(plan: Plan): void {
  plan.steps.forEach((step, i) => {
    const fail = failIn(`${plan.name}, step ${i} (${step.kind})`);
    for (const buffer of buffersOf(step)) {
      if (plan.buffers[buffer] === undefined) fail(`buffer %${buffer} does not exist`);
    }
    verifyStep(plan, step, fail);
  });
  verifyPlaces(plan, failIn(plan.name));
  verifyOverlaps(plan, failIn(plan.name));
}

export type Fail = (problem: string) => never;

export function failIn(subject: string): Fail {
  return (problem) => {
    throw new CeratopsError('INTERNAL', problem, { subject });
  };
}

/** Every buffer that a step touches. */
export function buffersOf(step: Step): BufferIndex[] {
  switch (step.kind) {
    case 'kernel':
      return [...step.buffers];
    case 'library':
      return [
        ...step.operands,
        ...step.results,
        ...(step.workspace === undefined ? [] : [step.workspace]),
        ...(step.epilogue?.buffers ?? []),
      ];
    case 'rows':
      return step.kernels.flatMap(({ buffers }) => buffers.filter((buffer) => typeof buffer === 'number'));
    case 'copy':
      return [step.from, step.to];
    case 'while':
      return [
        ...callBuffers(step.condition),
        ...callBuffers(step.body),
        step.predicate,
        ...step.copies.flatMap(({ from, to }) => [from, to]),
      ];
    case 'case':
      return [step.selector, ...step.branches.flatMap(callBuffers)];
  }
}

function callBuffers({ inputs, outputs, arena }: PlanCall): BufferIndex[] {
  return [...inputs, ...outputs, arena];
}

function verifyStep(plan: Plan, step: Step, fail: Fail): void {
  switch (step.kind) {
    case 'kernel':
      verifyBinding(step.kernel.parameters, buffersIn(plan, step.buffers), fail);
      verifyKernel(step.kernel, fail);
      return;
    case 'library':
      if (step.epilogue === undefined) return;
      verifyBinding(step.epilogue.kernel.parameters, buffersIn(plan, step.epilogue.buffers), fail);
      verifyKernel(step.epilogue.kernel, fail);
      return;
    case 'rows':
      for (const { kernel, buffers } of step.kernels) {
        if (kernel.items !== step.kernels[0]!.kernel.items) fail(`${kernel.name} has other rows`);
        const sized = buffers.map(
          (buffer): Sized =>
            typeof buffer === 'number'
              ? plan.buffers[buffer]!
              : { bytes: step.locals[buffer.local]! * kernel.items, place: { kind: 'temporary', offset: 0 } },
        );
        verifyBinding(kernel.parameters, sized, fail);
        verifyKernel(kernel, fail);
      }
      return;
    case 'copy':
      verifyCopy(plan, step, fail);
      return;
    case 'while':
      for (const call of [step.condition, step.body]) verifyCall(plan, call, fail);
      for (const copy of step.copies) verifyCopy(plan, copy, fail);
      return;
    case 'case':
      for (const branch of step.branches) verifyCall(plan, branch, fail);
  }
}

type Sized = Pick<PlanBuffer, 'bytes' | 'place'>;

function buffersIn(plan: Plan, buffers: readonly BufferIndex[]): Sized[] {
  return buffers.map((buffer) => plan.buffers[buffer]!);
}

function verifyBinding(
  parameters: readonly { readonly dtype: PlanBuffer['dtype']; readonly access: string; readonly elements: number }[],
  buffers: readonly Sized[],
  fail: Fail,
): void {
  if (parameters.length !== buffers.length) fail('parameters and buffers differ in number');
  parameters.forEach(({ dtype, access, elements }, i) => {
    const { bytes, place } = buffers[i]!;
    if (elements * dtypes[dtype].bytes > bytes) fail(`parameter ${i} is larger than its buffer`);
    if (access !== 'read' && (place.kind === 'input' || place.kind === 'constant')) {
      fail(`parameter ${i} writes to a buffer of kind ${place.kind}`);
    }
  });
}

function verifyCopy(plan: Plan, { from, to, bytes }: CopyStep, fail: Fail): void {
  if (plan.buffers[from]!.bytes < bytes || plan.buffers[to]!.bytes < bytes) fail('copies more than a buffer holds');
}

function verifyCall(plan: Plan, { plan: nested, inputs, outputs, arena }: PlanCall, fail: Fail): void {
  if (inputs.length !== nested.inputs.length || outputs.length !== nested.outputs.length) {
    fail('arguments of the nested plan differ in number');
  }
  if (plan.buffers[arena]!.bytes < nested.arenaBytes) fail('arena of the nested plan is too small');
  verifyPlan(nested);
}

function verifyPlaces(plan: Plan, fail: Fail): void {
  plan.buffers.forEach(({ place, bytes }, i) => {
    if (place.kind === 'temporary' && place.offset + bytes > plan.arenaBytes) fail(`buffer %${i} leaves the arena`);
  });
  if (new Set(plan.outputs).size !== plan.outputs.length) fail('two outputs are one buffer');
}

/** Two temporaries that are both in use at some step do not share a byte. */
function verifyOverlaps({ buffers, steps }: Plan, fail: Fail): void {
  const first = buffers.map(() => steps.length);
  const last = buffers.map(() => -1);
  steps.forEach((step, at) => {
    for (const buffer of buffersOf(step)) {
      first[buffer] = Math.min(first[buffer]!, at);
      last[buffer] = at;
    }
  });
  const temporaries = buffers.flatMap(({ place, bytes }, i) =>
    place.kind === 'temporary' && bytes > 0 ? [{ i, start: place.offset, end: place.offset + bytes }] : [],
  );
  temporaries.sort((a, b) => a.start - b.start);
  temporaries.forEach((a, k) => {
    for (let n = k + 1; n < temporaries.length && temporaries[n]!.start < a.end; n++) {
      const b = temporaries[n]!;
      if (first[a.i]! <= last[b.i]! && first[b.i]! <= last[a.i]!) fail(`buffers %${a.i} and %${b.i} overlap`);
    }
  });
}
