import { type KernelDefinition, kernelsFor, type OpName, type OpQuery } from '@ceratops/kernel-registry';

export type CpuKernelRow = KernelDefinition<'cpu', OpName>;

/** The kernel that some package registered for this query, if any. */
export function registeredKernel(query: OpQuery): CpuKernelRow | undefined {
  const { op, attributes } = query;
  const composite = op === 'composite' ? (attributes as { readonly name: string }).name : undefined;
  return kernelsFor('cpu', op, composite).find((kernel) => kernel.supports(query));
}
