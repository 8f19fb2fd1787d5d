/** What reverse mode needs to know of composites. */
import { compositeOf, type OpAttributes, type Program, type TensorType } from '@ceratops/kernel-registry';
import { buildProgram, decompose } from '@ceratops/kernel-registry/tracing';

/** The registered decomposition for these operands, else the one that came with the instruction. */
export function decompositionOf(composite: OpAttributes['composite'], operands: readonly TensorType[]): Program {
  const { name, decomposition } = composite;
  if (decomposition !== undefined && compositeOf(name) === undefined) return decomposition;
  return buildProgram(operands, (emitter, ...values) => decompose(emitter, composite, values), name);
}
