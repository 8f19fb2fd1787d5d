/** Loops with a known number of iterations: scan, and what is made of it. */
import { CeratopsError, formatType } from '@ceratops/kernel-registry';
import { emitScan } from '@ceratops/kernel-registry/composites';
import * as emit from '@ceratops/kernel-registry/emit';
import { assemble } from '../graph/assemble.js';
import { emitter } from '../graph/emit.js';
import type { Node } from '../graph/node.js';
import { TraceFrame, withFrame } from '../graph/trace-frame.js';
import { internType } from '../graph/value-type.js';
import { runtime } from '../runtime.js';
import { Tensor } from '../tensor/tensor.js';
import { tensorList } from '../transform/region.js';
import { readVariable, writeVariable } from '../variable.js';
import { emittedMany, nodeOf } from './apply.js';
import { whileLoop } from './control.js';
import { add, compare } from './elementwise.js';
import { scalar } from './movement.js';

export interface ScanOptions {
  /** How many iterations. Needed only without elements. */
  readonly length?: number | undefined;
  /** From the last element to the first; what comes out stays in the order of the elements. */
  readonly reverse?: boolean | undefined;
}

/**
 * (carries, slices of the elements) → [next carries, slices of the stacks], and perhaps a third list: values of which only those of the
 * last iteration count.
 */
export type ScanBody = (
  carries: readonly Tensor[],
  slices: readonly Tensor[],
) => readonly [readonly Tensor[], readonly Tensor[], (readonly Tensor[])?];

/** Final carries, stacks, last values; without iterations the latter are zeros. */
export type ScanResults = [carries: Tensor[], stacks: Tensor[], last: Tensor[]];

/**
 * Runs `body` over slices of the elements along their first dimension, as `jax.lax.scan`. Variables that it writes are carried along.
 * @throws CeratopsError INVALID_ARGUMENT when a carry changes its type, SHAPE_MISMATCH when elements differ in length.
 */
export function scan(
  body: ScanBody,
  carries: readonly Tensor[],
  elements: readonly Tensor[],
  options: ScanOptions = {},
): ScanResults {
  return scanOver(body, carries, elements, lengthOf(elements, options.length), options.reverse ?? false);
}

export function lengthOf(elements: readonly Tensor[], given: number | undefined): number {
  const lengths = elements.map(({ shape }) => shape[0]);
  const length = given ?? lengths[0];
  if (length !== undefined && Number.isInteger(length) && length >= 0 && lengths.every((own) => own === length)) {
    return length;
  }
  const received = elements.map((element) => formatType(nodeOf(element).type)).join(', ');
  throw new CeratopsError('SHAPE_MISMATCH', 'elements of one length are needed', {
    subject: 'scan',
    expected: given === undefined ? 'the same first dimension' : `the first dimension ${given}`,
    received: received === '' ? 'no elements and no length' : received,
  });
}

/** The same once the length is known. */
export function scanOver(
  body: ScanBody,
  carries: readonly Tensor[],
  elements: readonly Tensor[],
  length: number,
  reverse: boolean,
): ScanResults {
  const initial = carries.map(nodeOf);
  const sliced = elements.map(nodeOf);
  const frame = new TraceFrame('scan body', runtime().frame);
  const carryInputs = initial.map(({ type }) => frame.input(type));
  const sliceInputs = sliced.map(({ type: { dtype, shape } }) =>
    frame.input(internType({ dtype, shape: shape.slice(1) })),
  );
  const [next, outputs, last] = withFrame(frame, () => {
    const [carried, stacked, final = []] = body(carryInputs.map(toTensor), sliceInputs.map(toTensor));
    const localised = (list: readonly Tensor[]): Node[] => list.map((result) => frame.localise(nodeOf(result)));
    return [localised(carried), localised(stacked), localised(final)] as const;
  });
  checkCarryCount(initial.length, next.length);
  const captures = [...frame.captures];
  const uses = [...frame.variables];
  const read = uses.filter(([, use]) => !use.written);
  const written = uses.filter(([, use]) => use.written).map(([variable]) => variable);
  const others = [...new Set(last)].filter((node) => !next.includes(node));
  const program = assemble({
    name: 'scan body',
    inputs: [
      ...captures.map(([, input]) => input),
      ...read.map(([, use]) => use.input!),
      ...carryInputs,
      ...others.map(({ type }) => frame.input(type)),
      ...written.map((variable) => frame.variableInput(variable)),
      ...sliceInputs,
    ],
    outputs: [...next, ...others, ...written.map((variable) => frame.variables.get(variable)!.current), ...outputs],
    nodes: frame.nodes,
  });
  if (program.outputs.length === 0) return [[], [], []];
  const results = emitScan(
    emitter,
    {
      constants: [...captures.map(([node]) => node), ...read.map(([variable]) => readVariable(variable))],
      carries: [...initial, ...others.map(({ type }) => emit.fill(emitter, type, 0)), ...written.map(readVariable)],
      elements: sliced,
    },
    { body: program, length, reverse },
  );
  const firstState = initial.length + others.length;
  written.forEach((variable, i) => {
    writeVariable(variable, results.carries[firstState + i] as Node);
  });
  const ofLast = last.map((node) => results.carries[[...next, ...others].indexOf(node)]!);
  return [emittedMany(results.carries.slice(0, initial.length)), emittedMany(results.stacks), emittedMany(ofLast)];
}

const toTensor = (node: Node): Tensor => new Tensor(node);

function checkCarryCount(expected: number, received: number): void {
  if (expected === received) return;
  throw new CeratopsError('INVALID_ARGUMENT', 'the body gives another number of carries than it takes', {
    subject: 'scan',
    expected: `${expected}`,
    received: `${received}`,
  });
}

/** `body` on each slice along the first dimension: the stacks of its results. */
export function map(body: (...slices: Tensor[]) => Tensor | readonly Tensor[], elements: readonly Tensor[]): Tensor[] {
  return scan((_carries, slices) => [[], tensorList(body(...slices))], [], elements)[1];
}

/**
 * `body(i, …carries)` for i = lower, …, upper − 1, scalars of the bounds' dtype; numbers are int32. Two numbers make a scan, which has
 * gradients; tensors a while loop.
 */
export function forLoop(
  lower: number | Tensor,
  upper: number | Tensor,
  body: (index: Tensor, ...carries: Tensor[]) => Tensor | readonly Tensor[],
  carries: readonly Tensor[],
): Tensor[] {
  const first = typeof lower === 'number' ? scalar(lower, 'int32') : lower;
  const one = scalar(1, first.dtype);
  const step = (index: Tensor, rest: readonly Tensor[]): Tensor[] => [
    add(index, one),
    ...tensorList(body(index, ...rest)),
  ];
  if (typeof lower === 'number' && typeof upper === 'number') {
    const length = Math.max(0, upper - lower);
    return scan(([index, ...rest]) => [step(index!, rest), []], [first, ...carries], [], { length })[0].slice(1);
  }
  const last = typeof upper === 'number' ? scalar(upper, 'int32') : upper;
  return whileLoop(
    (index) => compare(index, last, 'LT'),
    (index, ...rest) => step(index!, rest),
    [first, ...carries],
  ).slice(1);
}
