/** What reverse mode needs to know of composites. */
import {
  CeratopsError,
  type CompositeVjp,
  compositeOf,
  type OpAttributes,
  type Program,
  type TensorType,
} from '@ceratops/kernel-registry';
import { buildProgram } from '@ceratops/kernel-registry/tracing';

export function registeredVjp(name: string): CompositeVjp | undefined {
  return compositeOf(name)?.vjp;
}

/** The registered decomposition for these operands, else the one that came with the instruction. */
export function decompositionOf(attributes: OpAttributes['composite'], operands: readonly TensorType[]): Program {
  const { name, decomposition } = attributes;
  const definition = compositeOf(name);
  if (definition !== undefined) {
    return buildProgram(
      operands,
      (emitter, ...values) => definition.decompose(emitter, values, attributes.attributes),
      name,
    );
  }
  if (decomposition !== undefined) return decomposition;
  throw new CeratopsError('UNSUPPORTED', 'unknown composite without a decomposition', {
    subject: `gradient of ${name}`,
    remedy: 'register the composite',
  });
}
