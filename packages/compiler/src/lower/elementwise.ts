/** Elementwise instructions on scalars, and whole scalar programs: the regions of reduce, scatter, sort and pooling. */

import {
  type AnyInstruction,
  type BinaryOp,
  binaryOps,
  CeratopsError,
  type OpName,
  type Program,
  splatValue,
  type UnaryOp,
  unaryOps,
} from '@ceratops/kernel-registry';
import type { KernelBuilder, Operand } from '../kernel-builder.js';
import type { UnaryFunction } from '../loop-ir.js';
import { binaryScalarOp } from '../scalar-ops.js';

type Rule = (builder: KernelBuilder, instruction: AnyInstruction, operands: readonly Operand[]) => Operand;

const unary: Rule = (builder, { op, results }, [operand]) => builder.unary(op as UnaryOp, results[0]!.dtype, operand!);

const binary: Rule = (builder, { op, results }, [left, right]) =>
  builder.binary(binaryScalarOp(op as BinaryOp, results[0]!.dtype), results[0]!.dtype, left!, right!);

const same: Rule = (_builder, _instruction, [operand]) => operand!;

function rowsOf(ops: ReadonlySet<OpName>, rule: Rule): { [name: string]: Rule } {
  return Object.fromEntries([...ops].map((op) => [op, rule]));
}

const rules: { readonly [O in OpName]?: Rule } = {
  ...rowsOf(unaryOps, unary),
  ...rowsOf(binaryOps, binary),
  composite: (builder, { attributes, results }, [operand]) =>
    builder.unary((attributes as { readonly name: UnaryFunction }).name, results[0]!.dtype, operand!),
  compare: (builder, instruction, [left, right]) => {
    const { direction } = (instruction as AnyInstruction & { op: 'compare' }).attributes;
    return builder.compare(direction, left!, right!);
  },
  select: (builder, _instruction, [condition, then, otherwise]) => builder.select(condition!, then!, otherwise!),
  convert: (builder, { results }, [operand]) => builder.convert(results[0]!.dtype, operand!),
  bitcast_convert: (builder, { results }, [operand]) => builder.bitcast(results[0]!.dtype, operand!),
  constant: (builder, instruction) => {
    const { value } = (instruction as AnyInstruction & { op: 'constant' }).attributes;
    return builder.constant(value.type.dtype, splatValue(value)!);
  },
};

/** On scalars these change nothing. */
const scalarRules: { readonly [O in OpName]?: Rule } = {
  ...rules,
  reshape: same,
  broadcast_in_dim: same,
  transpose: same,
  optimization_barrier: same,
};

/**
 * One element of an elementwise instruction.
 * @throws CeratopsError UNSUPPORTED for any other op.
 */
export function emitElementwise(
  builder: KernelBuilder,
  instruction: AnyInstruction,
  operands: readonly Operand[],
): Operand {
  const rule = rules[instruction.op];
  if (rule === undefined) throw withoutLowering(instruction.op, 'element by element');
  return rule(builder, instruction, operands);
}

/** The results of a program over scalars. */
export function emitRegion(builder: KernelBuilder, region: Program, operands: readonly Operand[]): Operand[] {
  const values = [...operands];
  for (const instruction of region.instructions) {
    const rule = scalarRules[instruction.op];
    if (rule === undefined) throw withoutLowering(instruction.op, `in region ${region.name}`);
    values.push(
      rule(
        builder,
        instruction,
        instruction.operands.map((id) => values[id]!),
      ),
    );
  }
  return region.outputs.map((id) => values[id]!);
}

export function withoutLowering(op: string, where: string): CeratopsError {
  return new CeratopsError('UNSUPPORTED', `cannot be compiled ${where}`, {
    subject: op,
    remedy: 'use a backend that runs it, or an op that decomposes',
  });
}
