/**
 * Program → program before compilation: convolutions get their padding and dilation as a `pad` op of its own, which fuses
 * with what makes the input; dot products and convolutions of 16-bit floats run in float32 and round once.
 */

import { needed } from '@ceratops/compiler';
import {
  type AnyInstruction,
  type DType,
  type Instruction,
  mapRegions,
  type Program,
  regionsOf,
  splat,
  type Value,
  valueTypes,
} from '@ceratops/kernel-registry';
import { ProgramBuilder } from '@ceratops/kernel-registry/tracing';
import { isUnpadded } from '../kernels/convolution.js';
import { kernelFor } from '../kernels/library.js';
import type { LateParts } from '../late-parts.js';

export function prepareProgram(program: Program, late: LateParts | undefined): Program {
  if (!needsRewrite(program)) return program;
  const builder = new ProgramBuilder();
  const values = program.inputs.map(({ type }) => builder.input(type));
  for (const instruction of program.instructions) {
    const operands = instruction.operands.map((id) => values[id]!);
    values.push(...rewrite(builder, instruction, operands, late));
  }
  const aliases = program.inputs.map((input) => input.aliases);
  return builder.build(
    program.outputs.map((id) => values[id]!),
    program.name,
    aliases,
  );
}

function isProduct({ op }: AnyInstruction): boolean {
  return op === 'dot_general' || op === 'convolution';
}

function isHalf(dtype: DType): boolean {
  return dtype === 'float16' || dtype === 'bfloat16';
}

function needsRewrite(program: Program): boolean {
  let types: ReturnType<typeof valueTypes> | undefined;
  return program.instructions.some((instruction) => {
    if (instruction.op === 'convolution' && !isUnpadded(instruction.attributes)) return true;
    if (isProduct(instruction)) {
      types ??= valueTypes(program);
      return isHalf(types[instruction.operands[0]!]!.dtype);
    }
    return regionsOf(instruction).some((region) => needsRewrite(region.program));
  });
}

function rewrite(
  builder: ProgramBuilder,
  instruction: AnyInstruction,
  operands: readonly Value[],
  late: LateParts | undefined,
): readonly Value[] {
  if (isProduct(instruction) && operands.every(({ type }) => isHalf(type.dtype))) {
    return needed(late).widenProduct(builder, instruction, operands, (wide, floats) =>
      rewrite(builder, wide, floats, late),
    );
  }
  if (instruction.op === 'convolution') return [rewriteConvolution(builder, instruction, operands, late)];
  const attributes = mapRegions(instruction, (region) => prepareProgram(region, late));
  return builder.append(instruction.op, operands, attributes, instruction.results);
}

function rewriteConvolution(
  builder: ProgramBuilder,
  { attributes, results }: Instruction<'convolution'>,
  [lhs, rhs]: readonly Value[],
  late: LateParts | undefined,
): Value {
  const plain = (): Value => builder.emit('convolution', [lhs!, rhs!], attributes)[0]!;
  const { dtype, shape } = lhs!.type;
  const query = { op: 'convolution', operands: [lhs!.type, rhs!.type], results, attributes } as const;
  if (isUnpadded(attributes) || dtype !== 'float32' || kernelFor(query, late)) return plain();
  const dilated = attributes.lhsDilation.some((dilation) => dilation !== 1);
  const pads = dilated ? needed(late).padsOf(query) : attributes.padding;
  const [low, high] = [zeros(shape.length), zeros(shape.length)];
  const padding = attributes.padding.map((amounts, d) => {
    const at = attributes.inputSpatialDimensions[d]!;
    low[at] = Math.max(0, pads[d]![0]);
    high[at] = Math.max(0, pads[d]![1]);
    const dilation = attributes.lhsDilation[d]!;
    return [amounts[0] - low[at] * dilation, amounts[1] - high[at] * dilation] as const;
  });
  const inside = { ...attributes, padding };
  const [zero] = builder.emit('constant', [], { value: splat({ dtype, shape: [] }, 0) });
  const [padded] = builder.emit('pad', [lhs!, zero!], { low, high, interior: zeros(shape.length) });
  const operands = [padded!.type, rhs!.type];
  // What loops will run anyway reads its input where it lies.
  if (!kernelFor({ ...query, operands, attributes: inside }, late)) return plain();
  return builder.emit('convolution', [padded!, rhs!], inside)[0]!;
}

function zeros(length: number): number[] {
  return new Array<number>(length).fill(0);
}
