/** Dot products and convolutions of 16-bit floats run in float32 and round once. A late part. */

import type { AnyInstruction, ConvolutionAttributes, Value } from '@ceratops/kernel-registry';
import { convert } from '@ceratops/kernel-registry/emit';
import type { ProgramBuilder } from '@ceratops/kernel-registry/tracing';

export function widenProduct(
  builder: ProgramBuilder,
  instruction: AnyInstruction,
  operands: readonly Value[],
  rewrite: (instruction: AnyInstruction, operands: readonly Value[]) => readonly Value[],
): readonly Value[] {
  const attributes = { ...(instruction.attributes as ConvolutionAttributes), dtype: 'float32' as const };
  const results = instruction.results.map(({ shape }) => ({ dtype: 'float32', shape }));
  const wide = operands.map((operand) => convert(builder, operand, 'float32'));
  const [result] = rewrite({ ...instruction, attributes, results } as AnyInstruction, wide);
  return [convert(builder, result!, instruction.results[0]!.dtype)];
}
