/** What an equation of EinsumDense says of shapes. */

import { CeratopsError } from '@ceratops/kernel-registry';
import type { SymbolicShape } from '../engine/keras-tensor.js';
import { shape } from '../engine/rows.js';
import type { Row } from '../engine/table.js';

export type OutputShape = readonly (number | null)[];

/** One size, or a list of them. */
export function outputShapeRow(): Row<OutputShape> {
  const row = shape('output_shape');
  return { ...row, resolve: (value, subject) => row.resolve(typeof value === 'number' ? [value] : value, subject) };
}

export interface EinsumShapes {
  readonly kernel: readonly number[];
  readonly bias: readonly number[] | undefined;
  readonly output: SymbolicShape;
  /** The kernel's axes that are summed over. */
  readonly inputAxes: readonly number[];
  /** The kernel's axes that the output has. */
  readonly outputAxes: readonly number[];
}

export interface EinsumSettings {
  readonly equation: string;
  readonly biasAxes: string | undefined;
  /** Without the batch axis, and without those that an ellipsis stands for. */
  readonly outputShape: SymbolicShape;
}

interface Terms {
  readonly input: string;
  readonly kernel: string;
  readonly output: string;
  readonly dots: 'left' | 'right' | undefined;
}

const forms: readonly (readonly [RegExp, Terms['dots']])[] = [
  [/^([a-z]+),([a-z]+)->([a-z]+)$/i, undefined],
  [/^\.\.\.([a-z]+),([a-z]+)->\.\.\.([a-z]+)$/i, 'left'],
  [/^([a-z]{2,})\.\.\.,([a-z]+)->([a-z]+)\.\.\.$/i, 'right'],
];

function reject(subject: string, problem: string, expected: string, received: string): never {
  throw new CeratopsError('INVALID_ARGUMENT', problem, { subject, expected, received });
}

function termsOf(equation: string, subject: string): Terms {
  for (const [form, dots] of forms) {
    const found = form.exec(equation.replaceAll(' ', ''));
    if (found !== null) return { input: found[1]!, kernel: found[2]!, output: found[3]!, dots };
  }
  return reject(subject, 'bad equation', "the form 'ab,bc->ac', '...b,bc->...c' or 'ab...,bc->ac...'", equation);
}

type Sizes = ReadonlyMap<string, number | null>;

function sizesOf(labels: string, sizes: SymbolicShape, offset: number): Sizes {
  return new Map([...labels].map((label, i) => [label, sizes[i + offset] ?? null]));
}

/** @throws INVALID_ARGUMENT, SHAPE_MISMATCH naming the layer. */
export function einsumShapes(subject: string, settings: EinsumSettings, input: SymbolicShape): EinsumShapes {
  const { equation, biasAxes, outputShape } = settings;
  const terms = termsOf(equation, subject);
  const elided = Math.max(0, input.length - terms.input.length);
  const offset = terms.dots === 'left' ? elided : 0;
  const tail = terms.dots === 'left' ? [] : input.slice(input.length - elided);
  const output = [input[0] ?? null, ...input.slice(1, offset), ...outputShape, ...tail];
  const inputs = sizesOf(terms.input, input, offset);
  const outputs = sizesOf(terms.output, output, offset);
  checkLabels(subject, terms, inputs, outputs);
  const axes = [...terms.kernel].map((_, axis) => axis);
  const isOutput = (axis: number): boolean => outputs.has(terms.kernel[axis]!);
  return {
    kernel: [...terms.kernel].map((label) => known(subject, label, outputs.get(label) ?? inputs.get(label))),
    bias: biasAxes === undefined ? undefined : biasShape(subject, biasAxes, terms, outputs, tail.length),
    output,
    inputAxes: axes.filter((axis) => !isOutput(axis)),
    outputAxes: axes.filter(isOutput),
  };
}

function checkLabels(subject: string, { input, kernel, output }: Terms, inputs: Sizes, outputs: Sizes): void {
  for (const label of output) {
    if (!input.includes(label) && !kernel.includes(label))
      reject(subject, `nothing has the output's axis '${label}'`, 'an axis of the input or the kernel', output);
  }
  for (const label of kernel) {
    if (!input.includes(label) && !output.includes(label))
      reject(subject, `nothing gives the kernel's axis '${label}' a size`, 'an axis of input or output', kernel);
  }
  for (const [label, size] of inputs) {
    const wanted = outputs.get(label) ?? null;
    if (wanted === null || wanted === size) continue;
    throw new CeratopsError('SHAPE_MISMATCH', `input and output differ on axis '${label}'`, {
      subject,
      expected: `${wanted}`,
      received: `${size ?? 'None'}`,
    });
  }
}

function known(subject: string, label: string, size: number | null | undefined): number {
  if (size !== null && size !== undefined) return size;
  throw new CeratopsError('SHAPE_MISMATCH', `the size of axis '${label}' must be known`, {
    subject,
    expected: 'a number: weights have that size',
    received: 'None',
  });
}

/** From the first axis with a bias on; the others have size 1. */
function biasShape(subject: string, axes: string, { output }: Terms, outputs: Sizes, tail: number): readonly number[] {
  const places = [...axes].map((label) => output.indexOf(label));
  if (places.length === 0 || places.includes(-1)) reject(subject, 'bad biasAxes', `axes of '${output}'`, axes);
  const sizes = [...output.slice(Math.min(...places))].map((label) => {
    return axes.includes(label) ? known(subject, label, outputs.get(label)) : 1;
  });
  return [...sizes, ...new Array<number>(tail).fill(1)];
}
