/** Bodies of ops as functions: traced into Programs on the types that the op dictates. */
import type { Program, TensorType } from '@ceratops/kernel-registry';
import { assemble } from '../graph/assemble.js';
import { TraceFrame, withFrame } from '../graph/trace-frame.js';
import { internType } from '../graph/value-type.js';
import { runtime } from '../runtime.js';
import { nodeKey, Tensor } from '../tensor/tensor.js';

/** A body as a Program, or as a function of tensors. */
export type Region = Program | ((...args: Tensor[]) => Tensor | readonly Tensor[]);

/** The Program of a body that uses its arguments only. */
export function regionOf(label: string, body: Region, types: readonly TensorType[]): Program {
  if (typeof body !== 'function') return body;
  const frame = new TraceFrame(label, runtime().frame, true);
  const inputs = types.map((type) => frame.input(internType(type)));
  const results = withFrame(frame, () => tensorList(body(...inputs.map((input) => new Tensor(input)))));
  const outputs = results.map((result) => frame.localise(result[nodeKey]));
  return assemble({ name: label, inputs, outputs, nodes: frame.nodes });
}

export function tensorList(result: Tensor | readonly Tensor[]): readonly Tensor[] {
  return Array.isArray(result) ? result : [result as Tensor];
}
